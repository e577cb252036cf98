import { type Candle, decimalText, parseMarketCode, Timeframe } from '@candlekeep/market';
import { type AskedExchange, openAskedExchange } from '../testing/asked-exchange';
import { anyDemand as demand } from '../testing/counting-limiter';
import { answer, capturedBody } from '../testing/fake-exchange';

const LATER_THAN_EVERY_CAPTURE = 'Mon, 03 Aug 2026 10:49:00 GMT';
const signal = new AbortController().signal;

const FIELDS: readonly (readonly [string, (candle: Candle) => string | undefined])[] = [
  ['opening_price', (candle) => candle.open],
  ['high_price', (candle) => candle.high],
  ['low_price', (candle) => candle.low],
  ['trade_price', (candle) => candle.close],
  ['timestamp', (candle) => String(candle.timestampMs)],
  ['candle_acc_trade_price', (candle) => candle.turnover],
  ['candle_acc_trade_volume', (candle) => candle.volume],
  ['prev_closing_price', (candle) => candle.daily?.previousClose],
  ['change_price', (candle) => candle.daily?.change],
  ['change_rate', (candle) => candle.daily?.changeRate],
];

describe('recorded answers of the exchange', () => {
  let asked: AskedExchange;

  beforeAll(async () => {
    asked = await openAskedExchange();
  });

  afterAll(() => asked.close());

  it.each([
    ['seconds', '1s', 1],
    ['minutes-1', '1m', 1],
    ['minutes-5', '5m', 3],
    ['days', '1d', 1],
    ['years', '1y', 1],
  ])('keep every digit of %s', async (name, code, rows) => {
    const candles = await load(name, 'KRW-BTC', code);
    expect(candles).toHaveLength(rows);
    for (const [field, read] of FIELDS) {
      expect(newestFirst(candles, read)).toEqual(textsOf(field, capturedBody(name)));
    }
  });

  it.each([
    ['minutes-1-page', 'KRW-BTC', '1m', 200],
    ['minutes-3-page-1', 'KRW-BTC', '3m', 200],
    ['minutes-3-page-2', 'KRW-BTC', '3m', 40],
    ['minutes-5-page', 'KRW-BTC', '5m', 4],
    ['seconds-sparse', 'KRW-ELF', '1s', 6],
    ['days-page', 'KRW-BTC', '1d', 2],
  ])(
    'read %s, recorded without padding zeros, into the padded text',
    async (name, market, code, rows) => {
      const candles = await load(name, market, code);
      expect(candles).toHaveLength(rows);
      for (const [field, read] of FIELDS.filter(([field]) => field !== 'timestamp')) {
        const digits = field === 'change_rate' ? 10 : 8;
        const padded = textsOf(field, capturedBody(name)).map((text) => decimalText(text, digits));
        expect(newestFirst(candles, read)).toEqual(padded);
      }
    },
  );

  it.each([
    ['days-joined', '1d', 2],
    ['minutes-1-joined', '1m', 5],
  ])('keep every digit of %s, each row an answer of its own', async (name, code, count) => {
    const rows = [...capturedBody(name).matchAll(/\{[^{}]*\}/g)].map(([row]) => row);
    expect(rows).toHaveLength(count);
    for (const row of rows) {
      const market = /"market":"([^"]+)"/.exec(row)?.[1] ?? '';
      const candles = await ask(`[${row}]`, market, code);
      for (const [field, read] of FIELDS) {
        expect(newestFirst(candles, read)).toEqual(textsOf(field, row));
      }
    }
  });

  it('keep a yearly turnover that no double can hold', async () => {
    const [year] = await load('years', 'KRW-BTC', '1y');
    expect(year?.turnover).toBe('17343033068679.96786000');
  });

  it('hold timestamps past the close, which are no reason to doubt a candle', async () => {
    const candles = await load('minutes-1-page', 'KRW-BTC', '1m');
    const late = candles.filter(({ openMs, timestampMs }) => timestampMs >= openMs + 60_000);
    expect(late).toHaveLength(29);
  });

  it('list the markets in the order and the very text of the exchange', async () => {
    asked.exchange.answersWith(answer({ body: capturedBody('market-all') }));
    const { body, markets } = await asked.client.getMarketList({ details: false, signal, demand });
    expect(body).toBe(capturedBody('market-all'));
    expect(markets).toHaveLength(294);
    expect(markets.slice(0, 3)).toEqual(['KRW-BTC', 'KRW-ETH', 'BTC-ETH']);
  });

  it('list the markets with details', async () => {
    asked.exchange.answersWith(answer({ body: capturedBody('market-all-details') }));
    const { body, markets } = await asked.client.getMarketList({ details: true, signal, demand });
    expect(body).toBe(capturedBody('market-all-details'));
    expect(markets).toHaveLength(6);
    expect(asked.exchange.requests.at(-1)?.url).toBe('/v1/market/all?is_details=true');
  });

  async function load(name: string, market: string, code: string): Promise<readonly Candle[]> {
    return ask(capturedBody(name), market, code);
  }

  async function ask(body: string, market: string, code: string): Promise<readonly Candle[]> {
    asked.exchange.answersWith(answer({ body, headers: { Date: LATER_THAN_EVERY_CAPTURE } }));
    const series = { market: parseMarketCode(market), timeframe: Timeframe.parse(code) };
    const page = await asked.client.getCandles({ series, count: 200, signal, demand });
    return page.candles;
  }
});

function newestFirst(candles: readonly Candle[], read: (candle: Candle) => string | undefined) {
  return candles
    .toReversed()
    .map(read)
    .filter((text) => text !== undefined);
}

/** The number text of a field, row by row, found without a JSON parser. */
function textsOf(field: string, body: string): string[] {
  return [...body.matchAll(new RegExp(`"${field}":\\s*([^,}\\s]+)`, 'g'))].map(
    ([, text]) => text ?? '',
  );
}
