import { parseMarketCode, type Series, seriesName, Timeframe } from '@candlekeep/market';
import { badRequest } from '../../api/api-refusal';

const MOST_SERIES = 20;
const EXPECTED = 'market and timeframe such as KRW-BTC:1m';
/** What can be followed here: seconds would take a call a second and market. */
const STREAMED = Timeframe.ALL.filter(({ kind }) => kind !== 'second');

/** Reads `series` parameters, each once. Throws an `ApiRefusal` that names what is wrong and what would be right. */
export function parseSeries(given: readonly string[]): readonly Series[] {
  const wanted = new Map(given.map(parseOne).map((series) => [seriesName(series), series]));
  if (wanted.size >= 1 && wanted.size <= MOST_SERIES) return [...wanted.values()];
  throw refuse(`expected 1 to ${MOST_SERIES} of ${EXPECTED}; there are ${wanted.size}`);
}

function parseOne(text: string): Series {
  const [market = '', code = '', ...rest] = text.split(':');
  const timeframe = Timeframe.find(code);
  if (rest.length > 0 || timeframe === undefined) throw refuse(expectation(text));
  if (timeframe.kind === 'second') {
    throw refuse(
      `expected no seconds in "${shown(text)}": they are streamed as candle.1s at /websocket/v1`,
    );
  }
  try {
    return { market: parseMarketCode(market), timeframe };
  } catch {
    throw refuse(expectation(text));
  }
}

function expectation(text: string): string {
  const known = STREAMED.map(({ code }) => code).join(', ');
  return `expected ${EXPECTED}, the timeframe one of ${known}; "${shown(text)}" is none`;
}

function shown(text: string): string {
  return text.slice(0, 60);
}

function refuse(expected: string) {
  return badRequest([{ field: 'series', expected }]);
}
