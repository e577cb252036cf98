import { RedisCandleWindow } from '@candlekeep/candle-cache';
import { SystemClock } from '@candlekeep/clock';
import { type Candle, seriesName, Timeframe } from '@candlekeep/market';
import type { RedisConnection } from '@candlekeep/redis';
import { saved } from '../support/candle-window-subject';
import { openOwnCacheRedis } from '../support/own-cache-redis';
import { recordedCandles } from '../support/recorded-candles';
import { freshMarket } from '../support/redis';
import { measuredWindows } from '../support/window-ledger';
import { redisDatabases } from '../support/redis-databases';

const DATABASE = redisDatabases.windowMemory;
const ROWS = 1_000;

describe('the memory of a candle window', () => {
  let redis: RedisConnection;
  let window: RedisCandleWindow;

  beforeAll(async () => {
    redis = await openOwnCacheRedis(DATABASE);
    window = new RedisCandleWindow(redis, new SystemClock());
  });
  afterAll(async () => {
    await window.close();
    redis.disconnect();
  });

  it.each(['KRW-BTC', 'KRW-DOGE'])('is less than 300 bytes a candle of %s', async (market) => {
    const series = { market: freshMarket(), timeframe: Timeframe.parse('1m') };
    const finals = recordedMinutes(market);
    const covered = { fromMs: openOf(finals.at(0)), untilMs: openOf(finals.at(-1)) + 60_000 };
    await window.put({ series, covered, finals, claimsBeginning: false }, saved());
    const bytes = (await measuredWindows(redis)).get(seriesName(series)) ?? 0;
    process.stdout.write(
      `L1: ${ROWS} recorded minutes of ${market} take ${bytes} bytes, ${(bytes / ROWS).toFixed(0)} a candle\n`,
    );
    expect(finals).toHaveLength(ROWS);
    expect(bytes / ROWS).toBeLessThan(300);
  });
});

/** The recordings of 2025 have no turnover: each minute borrows one from the recording that has every field. */
function recordedMinutes(market: string): readonly Candle[] {
  const full = recordedCandles('upbit_KRW-BTC_1m_20200220_full_fields');
  const minutes = recordedCandles(`upbit_${market}_1m_20250901_20251004`).slice(0, ROWS);
  return minutes.map((row, index) => ({
    ...row,
    turnover: full[index % full.length]?.turnover ?? row.turnover,
  }));
}

function openOf(row: Candle | undefined): number {
  return row?.openMs ?? 0;
}
