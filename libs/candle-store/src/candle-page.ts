import {
  type Candle,
  decimalText,
  foldSourcesOf,
  InvalidValue,
  isEmptyRange,
  isoSeconds,
  type Provenance,
  RATE_DIGITS,
  type Series,
  seriesName,
  type Timeframe,
  type TimeRange,
} from '@candlekeep/market';
import type { Fence } from './fence';

/** Final rows of one series, the range that they prove (no other candle opens in `covered`), and how they came to be known. */
export interface CandlePage {
  readonly series: Series;
  /** Oldest first, each open once; empty when nothing was traded. */
  readonly rows: readonly Candle[];
  /** Never empty. `fromMs` 0 means since the beginning. */
  readonly covered: TimeRange;
  readonly provenance: Provenance;
  /** When the exchange was asked, epoch ms; of a fold: when it was made. */
  readonly readAtMs: number;
  /** Its own series, and the sources of a fold, as they stood before the page was read or folded. */
  readonly basis: readonly PageBasis[];
  /** Undefined for a writer who needs no lease. */
  readonly fence?: Fence;
}

/** The revision of one of the market's series. */
export interface PageBasis {
  readonly timeframe: Timeframe;
  readonly revision: number;
}

/**
 * The page with all amounts in their exact form. Throws {@link InvalidValue} for a page that would make the store say something
 * untrue: a covered range that is empty or no range of instants, a row outside it or off the timeframe's grid, rows that
 * repeat or step back, an amount that would lose a digit, a basis that names the wrong series, a token that cannot be compared.
 */
export function savablePage(page: CandlePage): CandlePage {
  assertCovers(page);
  assertRowsInOrder(page);
  assertBasis(page);
  assertFence(page);
  return { ...page, rows: page.rows.map(exactCandle) };
}

/** The candle with its amounts in the exchange's form (8 fraction digits, a rate 10). Throws {@link InvalidValue} rather than round. */
function exactCandle({ daily, ...row }: Candle): Candle {
  const candle = {
    ...row,
    open: decimalText(row.open),
    high: decimalText(row.high),
    low: decimalText(row.low),
    close: decimalText(row.close),
    volume: decimalText(row.volume),
    turnover: decimalText(row.turnover),
  };
  if (daily === undefined) return candle;
  const { previousClose, change, changeRate } = daily;
  return {
    ...candle,
    daily: {
      previousClose: decimalText(previousClose),
      change: decimalText(change),
      changeRate: decimalText(changeRate, RATE_DIGITS),
    },
  };
}

function assertCovers({ series, covered }: CandlePage): void {
  const { fromMs, untilMs } = covered;
  const isRange = Number.isSafeInteger(fromMs) && Number.isSafeInteger(untilMs);
  if (!isRange || isEmptyRange(covered)) {
    refuse(series, `it covers no time: ${fromMs} to ${untilMs}`);
  }
}

function assertRowsInOrder({ series, rows, covered: { fromMs, untilMs } }: CandlePage): void {
  let previousMs = -Infinity;
  for (const { openMs } of rows) {
    if (!(openMs >= fromMs && openMs < untilMs)) {
      refuse(series, `row ${openMs} lies outside the covered range ${fromMs} to ${untilMs}`);
    }
    if (series.timeframe.floor(openMs) !== openMs) {
      refuse(series, `row ${isoSeconds(openMs)} does not open a ${series.timeframe.code} candle`);
    }
    if (openMs <= previousMs) {
      refuse(series, `row ${isoSeconds(openMs)} follows ${isoSeconds(previousMs)}`);
    }
    previousMs = openMs;
  }
}

function assertBasis({ series, provenance, basis }: CandlePage): void {
  const named = basis.map(({ timeframe }) => timeframe);
  const sources = provenance === 'fold' ? foldSourcesOf(series.timeframe) : [];
  const isOwnNamed = named.includes(series.timeframe);
  const isSourceNamed = provenance !== 'fold' || sources.some((source) => named.includes(source));
  const others = named.filter((one) => one !== series.timeframe && !sources.includes(one));
  if (isOwnNamed && isSourceNamed && others.length === 0) return;
  refuse(series, `a ${provenance} page cannot be made from "${named.join(', ')}"`);
}

function assertFence({ series, fence }: CandlePage): void {
  if (fence === undefined) return;
  const isToken = Number.isSafeInteger(fence.token) && fence.token > 0;
  if (!isToken) refuse(series, `${fence.token} is no token of "${fence.name}"`);
}

function refuse(series: Series, reason: string): never {
  throw new InvalidValue(
    `page of ${seriesName(series)} was not stored, because ${reason}; ` +
      'pass the rows oldest first, the whole range that they prove, the revisions they were made from, and the token of the lease',
  );
}
