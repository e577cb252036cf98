import {
  type Candle,
  CandlekeepClient,
  CandlekeepRequestFailed,
  type CandleEvent,
} from '@candlekeep/client';
import { SystemClock } from '@candlekeep/clock';
import { waitFor } from '../support/app-process';
import { House } from '../support/house';
import { CutProxy } from '../support/live/cut-proxy';
import { redisDatabases } from '../support/redis-databases';

const MINUTE_MS = 60_000;
const clock = new SystemClock();
/** The open of the minute so many minutes ago. */
const ago = (minutes: number): number =>
  (Math.floor(clock.nowMs() / MINUTE_MS) - minutes) * MINUTE_MS;
const BTC = { market: 'KRW-BTC', timeframe: '1m' };

async function all(candles: AsyncIterable<Candle>): Promise<Candle[]> {
  const got: Candle[] = [];
  for await (const candle of candles) got.push(candle);
  return got;
}

describe('a calculator asks through the SDK', () => {
  let house: House;
  let client: CandlekeepClient;

  beforeAll(async () => {
    house = await House.start({ redisDatabase: redisDatabases.sdk });
    client = new CandlekeepClient({ baseUrl: house.gateways[0]!.url(), caller: 'sdk' });
  });
  afterAll(async () => {
    client.close();
    await house.close();
  });

  /** Holds candles, oldest first, against the exchange's own bytes. */
  const expectExchangeRows = async (path: string, candles: readonly Candle[]): Promise<void> => {
    const { body } = await house.askExchange(path);
    const rows = body.slice(1, -1).split(/(?<=\}),(?=\{)/);
    expect(rows).toHaveLength(candles.length);
    rows.reverse().forEach((row, index) => {
      const { open, high, low, close, turnover, volume, timestampMs } = candles[index]!;
      expect(row).toContain(
        `"opening_price":${open},"high_price":${high},"low_price":${low},"trade_price":${close},` +
          `"timestamp":${timestampMs},"candle_acc_trade_price":${turnover},"candle_acc_trade_volume":${volume}`,
      );
    });
  };
  const upbitTo = (ms: number): string => new Date(ms).toISOString().slice(0, 19);

  it("gets the exchange's own candles, digit by digit", async () => {
    const toMs = ago(100);
    const page = await client.getCandles({ ...BTC, count: 200, toMs });
    expect(page).toMatchObject({ finalCount: 200, short: null, source: 'exchange' });
    await expectExchangeRows(
      `/v1/candles/minutes/1?market=KRW-BTC&count=200&to=${upbitTo(toMs)}`,
      page.candles,
    );
    const again = await client.getCandles({ ...BTC, count: 200, toMs });
    expect(again.candles).toEqual(page.candles);
    expect(['l0', 'l1']).toContain(again.source);
    await waitFor(async () => {
      const kept = await client.getCandles({ ...BTC, count: 200, toMs });
      expect(kept.source).toBe('l0');
    });
  });

  it('gets a day with its change', async () => {
    const { candles } = await client.getCandles({
      ...BTC,
      timeframe: '1d',
      count: 3,
      closed: true,
    });
    const { body } = await house.askExchange('/v1/candles/days?market=KRW-BTC&count=5');
    for (const { daily } of candles) {
      expect(body).toContain(`"prev_closing_price":${daily?.previousClose},`);
      expect(body).toContain(`"change_price":${daily?.change},`);
    }
  });

  it('gets columns of the same candles as doubles', async () => {
    const question = { ...BTC, count: 50, toMs: ago(100) };
    const [{ candles }, { columns, length }] = await Promise.all([
      client.getCandles(question),
      client.getColumns(question),
    ]);
    expect(length).toBe(50);
    expect([...columns.openMs]).toEqual(candles.map(({ openMs }) => openMs));
    for (const name of ['open', 'high', 'low', 'close', 'volume', 'turnover'] as const) {
      expect([...columns[name]]).toEqual(candles.map((candle) => Number(candle[name])));
    }
  });

  it('gets every slot of a thin market, told from the traded ones', async () => {
    const question = { market: 'KRW-KNC', timeframe: '1m', toMs: ago(3_000), count: 150 };
    const [nulls, forward] = await Promise.all([
      client.getCandles({ ...question, fill: 'null' }),
      client.getCandles({ ...question, fill: 'forward' }),
    ]);
    const opens = nulls.candles.map(({ openMs }) => openMs);
    expect(opens).toEqual(opens.map((_, i) => question.toMs - (150 - i) * MINUTE_MS));
    const empty = nulls.candles.filter(({ isEmpty }) => isEmpty);
    expect(empty.length).toBeGreaterThan(0);
    expect(new Set(empty.map(({ close }) => close))).toEqual(new Set([null]));
    forward.candles.forEach(({ isEmpty, close }, i) => {
      if (isEmpty && i > 0) expect(close).toBe(forward.candles[i - 1]!.close);
    });
  });

  it('gets many series in one go, each with an outcome of its own', async () => {
    const markets = ['KRW-BTC', 'KRW-ETH', 'KRW-NOPE', 'no market'];
    const timeframes = ['1m', '15m', '1d'];
    const wanted = markets.flatMap((market) =>
      timeframes.map((timeframe) => ({ market, timeframe, count: 20 })),
    );
    const outcomes = await Promise.allSettled(wanted.map((one) => client.getCandles(one)));
    const statuses = outcomes.map((outcome) => {
      if (outcome.status === 'fulfilled') return outcome.value.candles.length;
      const reason: unknown = outcome.reason;
      return reason instanceof CandlekeepRequestFailed ? reason.status : undefined;
    });
    expect(statuses.slice(0, 6)).toEqual(Array(6).fill(20));
    expect(statuses.slice(6)).toEqual([404, 404, 404, 400, 400, 400]);
  });

  it('is told what is wrong with a question', async () => {
    await expect(client.getCandles({ ...BTC, timeframe: '7m' })).rejects.toMatchObject({
      ...{ name: 'CandlekeepRequestFailed', status: 400 },
      problem: { status: 400, errors: [{ field: 'timeframe' }] },
    });
  });

  it('lists the markets', async () => {
    const markets = await client.getMarkets();
    expect(markets.find(({ market }) => market === 'KRW-BTC')?.koreanName).toBe('비트코인');
  });

  it('reads a range whole, though its connection breaks while it comes', async () => {
    const way = await CutProxy.open(house.gateways[0]!.url());
    const far = new CandlekeepClient({ baseUrl: way.url, caller: 'far', timeoutMs: 60_000 });
    const range = { ...BTC, fromMs: ago(13_000), untilMs: ago(1_000) };
    const got: Candle[] = [];
    for await (const candle of far.readRange(range)) {
      if (got.push(candle) !== 100) continue;
      await way.away();
      await way.back();
    }
    far.close();
    await way.away();
    expect(got).toEqual(await all(client.readRange(range)));
    expect(got.length).toBeGreaterThan(11_000);
    await expectExchangeRows(
      `/v1/candles/minutes/1?market=KRW-BTC&count=200&to=${upbitTo(range.untilMs)}`,
      got.slice(-200),
    );
  });

  it('is told candles as they change, also after the way to the gateway was cut', async () => {
    const way = await CutProxy.open(house.gateways[0]!.url());
    const far = new CandlekeepClient({ baseUrl: way.url, caller: 'far' });
    const [told, problems]: [CandleEvent[], CandlekeepRequestFailed[]] = [[], []];
    const subscription = far.subscribe([BTC, { market: 'KRW-ETH', timeframe: '15m' }], {
      candle: (event) => told.push(event),
      problem: (error) => problems.push(error),
    });
    const seriesTold = () => new Set(told.map(({ market, timeframe }) => `${market}:${timeframe}`));
    await waitFor(() => {
      expect(seriesTold()).toEqual(new Set(['KRW-BTC:1m', 'KRW-ETH:15m']));
    });
    await way.away();
    told.length = 0;
    await waitFor(() => {
      expect(problems).toHaveLength(1);
    });
    await way.back();
    await waitFor(() => {
      expect(seriesTold().size).toBe(2);
    });
    expect(problems).toHaveLength(1);
    subscription.close();
    far.close();
    await way.away();
  });

  it('is told once that a series cannot be followed', async () => {
    const problems: CandlekeepRequestFailed[] = [];
    client.subscribe([{ market: 'KRW-NOPE', timeframe: '1m' }], {
      candle: () => undefined,
      problem: (error) => problems.push(error),
    });
    await waitFor(() => {
      expect(problems).toMatchObject([{ status: 400 }]);
    });
  });
});
