import { readFileSync } from 'node:fs';
import path from 'node:path';
import { LATEST_MS } from '@candlekeep/candle-cache';
import { ManualClock } from '@candlekeep/clock';
import {
  type Candle,
  dailyChange,
  decimalText,
  parseMarketCode,
  type Series,
  Timeframe,
} from '@candlekeep/market';
import type { PageExchange } from '../../apps/worker/src/exchange-look';
import { MemoryHouse } from '../support/memory-house';
import { recordedCandles } from '../support/recorded-candles';

type PageQuery = Parameters<PageExchange['getCandles']>[0];

const HOUR_MS = 3_600_000;
const DAY = Timeframe.parse('1d');
const series: Series = { market: parseMarketCode('KRW-BTC'), timeframe: DAY };
const OPEN_MS = Date.UTC(2025, 11, 27);
const CLOSE_MS = DAY.closeOf(OPEN_MS);

/** A public cache kept KRW-BTC's day of 2025-12-27 as it stood before its end, and showed that half day for good. */
describe('the day that a cache in the wild froze', () => {
  const days = withDailyChange(recordedCandles('upbit_KRW-BTC_1d_20240101_20260101'));
  const final = days.find(({ openMs }) => openMs === OPEN_MS)!;
  const earlier = days
    .filter(({ openMs }) => openMs < OPEN_MS)
    .slice(-2)
    .reverse();
  const partial = {
    ...final,
    ...frozenDay(),
    daily: dailyChange(frozenDay().close, final.daily!.previousClose),
  };

  it('was a half day: the recording of its end says more', () => {
    expect(partial.volume).toBe('358.76039559');
    expect(final.volume).toBe('382.26856914');
    expect(partial.close).not.toBe(final.close);
  });

  it('is shown as it stands while it lasts, and never kept', async () => {
    const { house, clock } = open();
    for (let hour = 12; hour < 24; hour += 1) {
      expect((await read(house, LATEST_MS))[0]).toEqual(partial);
      expect(await stored(house)).toBeUndefined();
      await clock.advance(HOUR_MS);
    }
  });

  it.each([0, 1, 2_000, 4_999])('is not kept when it closed %i ms ago', async (sinceMs) => {
    const { house, clock } = open();
    await read(house, LATEST_MS);
    await clock.advance(CLOSE_MS + sinceMs - clock.nowMs());
    expect(await read(house, CLOSE_MS)).toEqual([final, ...earlier]);
    expect(await stored(house)).toBeUndefined();
  });

  it('is final once it has settled, for everyone and after a restart, however often its half was shown before', async () => {
    const { house, clock } = open();
    await read(house, LATEST_MS);
    await clock.advance(2 * 24 * HOUR_MS);
    expect((await read(house, CLOSE_MS))[0]).toEqual(final);
    expect((await read(house, LATEST_MS)).find(({ openMs }) => openMs === OPEN_MS)).toEqual(final);
    expect(await stored(house)).toEqual(final);
    house.restart();
    expect((await read(house, CLOSE_MS))[0]).toEqual(final);
  });

  /** A house that opens at noon of the day, at an exchange that shows its half until it closes. */
  function open() {
    const clock = new ManualClock(OPEN_MS + 12 * HOUR_MS);
    const getCandles = ({ series: asked, toMs = Infinity, count }: PageQuery) => {
      const nowMs = clock.nowMs();
      const rows = asked.timeframe === DAY ? days : [];
      const shown = rows.filter(({ openMs }) => openMs < toMs && openMs <= nowMs).slice(-count);
      const isForming = nowMs < CLOSE_MS;
      const candles = shown.map((day) => (isForming && day.openMs === OPEN_MS ? partial : day));
      const readAtMs = Math.floor(nowMs / 1_000) * 1_000;
      return Promise.resolve({ candles, readAtMs, askedMonotonicMs: clock.monotonicMs() });
    };
    const forward = () => Promise.reject(new RangeError('only days are recorded'));
    return { house: new MemoryHouse({ getCandles, forward }, clock), clock };
  }
});

async function read(house: MemoryHouse, beforeMs: number): Promise<readonly Candle[]> {
  const query = { series, beforeMs, count: 3, maxAgeMs: 1_000, onlyIfCached: false };
  return (await house.cache.read(query)).rows;
}

async function stored(house: MemoryHouse): Promise<Candle | undefined> {
  const { rows } = await house.store.read(series, {
    beforeMs: CLOSE_MS,
    fromMs: OPEN_MS,
    limit: 1,
  });
  return rows[0];
}

/** The recording has no previous closes; each day's is the close of the row before. */
function withDailyChange(days: readonly Candle[]): Candle[] {
  return days.map((day, index) => {
    const daily = dailyChange(day.close, days[index - 1]?.close ?? day.open);
    return { ...day, daily };
  });
}

function frozenDay() {
  const file = path.resolve('..', 'shared', 'data', 'frozen_partial_daily_candle_example.csv');
  const line = readFileSync(file, 'utf8')
    .split('\n')
    .find((row) => row.includes('saved before that day ended'));
  const [, , , open = '', high = '', low = '', close = '', volume = '', turnover = ''] = (
    line ?? ''
  ).split(',');
  const exact = [open, high, low, close, volume, turnover].map((text) => decimalText(text));
  const [o = '', h = '', l = '', c = '', v = '', t = ''] = exact;
  return { open: o, high: h, low: l, close: c, volume: v, turnover: t };
}
