import { ManualClock } from '@candlekeep/clock';
import { type Candle, parseMarketCode, slotsWithin, Timeframe } from '@candlekeep/market';
import { MemoryHouse } from '../../../../test/support/memory-house';
import { type Tape, tapeOf } from '../../../../test/support/tape';
import { TapeExchange } from '../../../../test/support/tape-exchange';
import { type CandleQuery, LATEST_MS } from '../candle-query';
import type { RangeQuery } from './range-portion';
import { RangeReader } from './range-reader';

const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;
const market = parseMarketCode('KRW-KNC');
const nowMs = Date.UTC(2026, 0, 20, 12, 0, 30);
const listedMs = nowMs - 30_000 - 100 * DAY;
const terms = { maxAgeMs: 1_000, onlyIfCached: false };
const newest: Omit<CandleQuery, 'series' | 'count'> = { ...terms, beforeMs: LATEST_MS };

/** A market that trades each so many minutes. */
const tradedEvery = (minutes: number): Tape =>
  tapeOf(
    Array.from(
      { length: Math.ceil((nowMs + DAY - listedMs) / (minutes * MINUTE)) },
      (_, index) => listedMs + index * minutes * MINUTE,
    ),
  );
const tapes = new Map([1, 7, 37, 60].map((minutes) => [minutes, tradedEvery(minutes)]));

function houseOf(minutes: number) {
  const clock = new ManualClock(nowMs);
  const tape = tapes.get(minutes) ?? tradedEvery(minutes);
  const exchange = new TapeExchange(new Map([[market, tape]]), clock);
  const { cache, store } = new MemoryHouse(exchange, clock);
  const reader = new RangeReader({ cache, store, clock });
  const seriesOf = (code: string) => ({ market, timeframe: Timeframe.parse(code) });
  const walk = (code: string, range: Pick<RangeQuery, 'fromMs' | 'untilMs'>, more = {}) =>
    reader.read({ series: seriesOf(code), ...terms, ...range, ...more });
  const read = async (code: string, range: Pick<RangeQuery, 'fromMs' | 'untilMs'>, more = {}) => {
    const rows: Candle[] = [];
    for await (const portion of walk(code, range, more)) rows.push(...portion.rows);
    return rows;
  };
  const shown = (code: string, { fromMs, untilMs }: Pick<RangeQuery, 'fromMs' | 'untilMs'>) =>
    exchange
      .show(
        seriesOf(code),
        { beforeMs: untilMs, count: slotsOf(code, fromMs, untilMs) },
        clock.nowMs(),
      )
      .filter(({ openMs }) => openMs >= fromMs)
      .reverse();
  return { clock, exchange, cache, store, reader, seriesOf, walk, read, shown };
}

const slotsOf = (code: string, fromMs: number, untilMs: number) =>
  slotsWithin(Timeframe.parse(code), { fromMs, untilMs: Math.min(untilMs, nowMs + 2 * DAY) });
const daysAgo = (days: number) => nowMs - 30_000 - days * DAY;

describe('a range of candles', () => {
  it.each([
    ['1m', 1, 1.5, 0.5],
    ['1m', 37, 40, 3],
    ['5m', 1, 9, 2],
    ['15m', 7, 30, 11],
    ['60m', 60, 90, 40],
    ['1d', 37, 90, 2],
  ])(
    'of %s that trades each %d minutes is what the exchange shows, page by page, and then costs nothing',
    async (code, minutes, from, until) => {
      const { exchange, read, shown } = houseOf(minutes);
      const range = { fromMs: daysAgo(from), untilMs: daysAgo(until) };
      const rows = await read(code, range);
      expect(rows).toEqual(shown(code, range));
      const pages = Math.ceil(rows.length / 200);
      // One more at either end, and some where it had to be found out how far back a page reaches.
      expect(exchange.calls.length).toBeLessThanOrEqual(minutes === 1 ? pages + 1 : pages + 6);
      const callsBefore = exchange.calls.length;
      expect(await read(code, range)).toEqual(rows);
      expect(exchange.calls).toHaveLength(callsBefore);
    },
  );

  it.each([1, 7, 37])(
    'that ends now is read to the forming row, trades each %d minutes',
    async (minutes) => {
      const { exchange, read, shown } = houseOf(minutes);
      const range = { fromMs: daysAgo(0.1), untilMs: LATEST_MS };
      expect(await read('1m', range)).toEqual(shown('1m', range));
      expect(exchange.calls.length).toBeLessThanOrEqual(1);
    },
  );

  it('before the listing begins with the first candle', async () => {
    const { exchange, read, shown } = houseOf(37);
    const range = { fromMs: listedMs - 20 * DAY, untilMs: listedMs + 2 * DAY };
    const rows = await read('1m', range);
    expect(rows[0]?.openMs).toBe(listedMs);
    expect(rows).toEqual(shown('1m', range));
    // An empty page is believed only when another answer agrees.
    expect(exchange.calls.length).toBeLessThanOrEqual(20);
  });

  it('has no hole, double row or wrong order while slots turn between its portions', async () => {
    const { clock, walk, shown } = houseOf(1);
    const range = { fromMs: daysAgo(1), untilMs: LATEST_MS };
    const rows: Candle[] = [];
    let untilMs = range.fromMs;
    for await (const portion of walk('1m', range)) {
      rows.push(...portion.rows);
      expect(portion.untilMs).toBeGreaterThan(untilMs);
      untilMs = portion.untilMs;
      await clock.advance(7 * MINUTE + 1_000);
    }
    expect(slotsWithin(Timeframe.parse('1m'), { fromMs: range.fromMs, untilMs })).toBe(rows.length);
    const stated = shown('1m', { ...range, untilMs });
    expect(rows.slice(0, -1)).toEqual(stated.slice(0, -1));
    expect(rows.at(-1)?.openMs).toBe(stated.at(-1)?.openMs);
  });

  it('catches up with the present when its reader was away for long', async () => {
    const { clock, walk, shown } = houseOf(1);
    const range = { fromMs: daysAgo(0.5), untilMs: LATEST_MS };
    const rows: Candle[] = [];
    let isFirst = true;
    for await (const portion of walk('1m', range)) {
      rows.push(...portion.rows);
      if (isFirst) await clock.advance(20 * 60 * MINUTE);
      isFirst = false;
    }
    expect(rows).toEqual(shown('1m', range));
  });

  it('is whole even though the market is forgotten in the middle', async () => {
    const { store, read, walk, shown } = houseOf(1);
    const range = { fromMs: daysAgo(2), untilMs: daysAgo(1) };
    await read('1m', range);
    const rows: Candle[] = [];
    let isFirst = true;
    for await (const portion of walk('1m', range)) {
      rows.push(...portion.rows);
      if (isFirst) await store.purge(market);
      isFirst = false;
    }
    expect(rows).toEqual(shown('1m', range));
  });

  it('reads nothing ahead of its reader', async () => {
    const { exchange, walk } = houseOf(1);
    const portions = walk('1m', { fromMs: daysAgo(5), untilMs: daysAgo(1) });
    await portions.next();
    expect(exchange.calls.length).toBeLessThanOrEqual(2);
    await portions.return();
  });

  it.each([
    ['among candles', daysAgo(5)],
    ['before the listing, where no portion comes for long', 0],
  ])('is read no further once its caller has gone: %s', async (_, fromMs) => {
    const { exchange, read } = houseOf(1);
    const leaving = new AbortController();
    const getCandles = exchange.getCandles.bind(exchange);
    exchange.getCandles = (query) => {
      leaving.abort();
      return getCandles(query);
    };
    const range = { fromMs, untilMs: daysAgo(1) };
    await expect(read('1m', range, { signal: leaving.signal })).rejects.toThrow('aborted');
    // An empty page is confirmed by another one.
    expect(exchange.calls.length).toBeLessThanOrEqual(2);
  });

  it('is refused to whoever forbids asking, and ends in an error where the exchange fails midway', async () => {
    const { exchange, walk, read } = houseOf(1);
    const range = { fromMs: daysAgo(5), untilMs: daysAgo(1) };
    await expect(read('1m', range, { onlyIfCached: true })).rejects.toMatchObject({
      code: 'NOT_CACHED',
    });
    const portions = walk('1m', range);
    await portions.next();
    exchange.getCandles = () => Promise.reject(new Error('the exchange is away'));
    const rest = async () => {
      for await (const portion of portions) expect(portion.rows.length).toBeLessThan(1_000);
    };
    await expect(rest()).rejects.toThrow('away');
  });
});

describe('more newest candles than L1 keeps', () => {
  it.each([
    ['1m', 1, 2_500],
    ['1m', 7, 1_234],
    ['5m', 1, 3_000],
    ['60m', 60, 1_999],
  ])('of %s, trades each %d minutes: the newest %d', async (code, minutes, count) => {
    const { exchange, reader, seriesOf } = houseOf(minutes);
    const query = { ...newest, series: seriesOf(code), count };
    const asked = { beforeMs: LATEST_MS, count };
    const { rows } = await reader.newest(query);
    expect(rows).toEqual(exchange.show(seriesOf(code), asked, nowMs));
    expect(exchange.calls.length).toBeLessThanOrEqual(Math.ceil(count / 200) + 1);
    const callsBefore = exchange.calls.length;
    const again = await reader.newest(query);
    expect(again.rows).toEqual(rows);
    expect(again.source).toBe('l2');
    expect(exchange.calls).toHaveLength(callsBefore);
  });

  it('are fewer where history begins', async () => {
    const { exchange, reader, seriesOf } = houseOf(60);
    const series = seriesOf('60m');
    const { rows } = await reader.newest({ ...newest, series, count: 10_000 });
    const asked = { beforeMs: LATEST_MS, count: 10_000 };
    expect(rows).toEqual(exchange.show(series, asked, nowMs));
    expect(rows.length).toBeLessThan(10_000);
  });

  it('are not read on once their caller has gone', async () => {
    const { reader, seriesOf } = houseOf(1);
    const query = { ...newest, series: seriesOf('1m'), count: 5_000 };
    await expect(reader.newest(query, AbortSignal.abort())).rejects.toThrow('aborted');
  });
});

describe('one query of up to 1,000 rows', () => {
  it.each([
    ['1m', 1, 1_000],
    ['5m', 60, 1_000],
    ['15m', 7, 900],
  ])(
    'of %s, trades each %d minutes, costs a page for each 200 of its %d rows',
    async (code, minutes, count) => {
      const { exchange, cache, seriesOf } = houseOf(minutes);
      const query = { ...newest, series: seriesOf(code), count };
      expect((await cache.read(query)).rows).toHaveLength(count);
      expect(exchange.calls).toHaveLength(Math.ceil(count / 200));
      expect((await cache.read(query)).source).toBe('l1');
    },
  );

  it('is folded and costs no page where the minutes are known', async () => {
    const { exchange, cache, read, seriesOf } = houseOf(1);
    await read('1m', { fromMs: daysAgo(8), untilMs: LATEST_MS });
    const callsBefore = exchange.calls.length;
    const query = { ...newest, series: seriesOf('5m'), count: 1_000, maxAgeMs: 60_000 };
    expect((await cache.read(query)).rows).toHaveLength(1_000);
    expect(exchange.calls).toHaveLength(callsBefore);
  });
});
