import { type CandleQuery, LATEST_MS } from '@candlekeep/candle-cache';
import { Timeframe } from '@candlekeep/market';
import { Run } from './run';
import { RunCounts } from './run-counts';
import { FREELY } from './stage';
import type { Tiers } from './tiers';
import { MINUTE_MS } from './world';
import { worldsOf } from './worlds';

/** A world whose last trade before midnight is stored after it. */
const SEED = 849_444;

/**
 * Asks a gateway whose clock is five minutes ahead: at midnight, and a minute later for what is folded then, and once more for whatever
 * was seen since midnight. Rejects when that answer goes back to the first one.
 */
export async function askWithClockAhead(tiers: Tiers): Promise<void> {
  await tiers.empty();
  const run = new Run(
    { tiers, worlds: worldsOf(SEED), counts: new RunCounts() },
    {
      ...{ startMs: Date.UTC(2025, 11, 28), market: 0, codes: ['1m', '3m'] },
      ...{ cacheOffsetMs: 0, processOffsetMs: 5 * MINUTE_MS, l0MaxBytes: 0 },
      size: { maxRows: 1_000, maxBytes: 100_000_000 },
    },
  );
  const ask = async (code: string, wish: Pick<CandleQuery, 'maxAgeMs' | 'staleIfErrorMs'>) => {
    const series = { market: run.markets[0]!, timeframe: Timeframe.parse(code) };
    const query = { series, beforeMs: LATEST_MS, count: 1, onlyIfCached: false, ...wish };
    await run.act(async () => {
      await run.seeThrough(await run.read(query, 0, FREELY));
    });
  };
  await ask('3m', { maxAgeMs: 0 });
  await run.act(async () => {
    await run.pass(MINUTE_MS);
  });
  await ask('1m', { maxAgeMs: 0 });
  await ask('3m', { maxAgeMs: 500, staleIfErrorMs: 60 * MINUTE_MS });
  await ask('3m', { maxAgeMs: MINUTE_MS });
  await run.drain();
}
