import type { Clock } from '@candlekeep/clock';
import { type Series, seriesName, type Timeframe } from '@candlekeep/market';
import { modelOf, type UsageBook } from '@candlekeep/usage';
import { RESERVES } from '../budget/reserves';
import { eachOf } from '../each-of';
import type { ActiveNeedsReader } from '../foresight/active-needs';
import type { RunBook } from '../runs/run-book';
import type { DepthTerms, WarmDepth, Warmer } from '../warm/warmer';

export interface RoundsParts {
  readonly needs: Pick<ActiveNeedsReader, 'read'>;
  readonly usage: Pick<UsageBook, 'load'>;
  readonly runs: Pick<RunBook, 'prune'>;
  readonly warmer: Warmer;
  /** The queue server's time, epoch ms. */
  readonly nowMs: () => Promise<number>;
  readonly clock: Clock;
}

const SERIES_AT_ONCE = 4;
/** All workers' rounds of all timeframes begin at once; they spread over this, ms. */
const JITTER_MS = 2_000;
/** Nobody waits for what a round brings. */
const PATIENCE_MS = 30_000;
const HOUR_MS = 3_600_000;
/** The next hour begins within this when its round runs, ms. */
const HOUR_BEGINS_MS = 10 * 60_000;
/** Half of what is brought for the next hour may be in vain: candles that have closed stay of use. */
const LEAST_PROBABILITY = 0.5;

/**
 * What comes round. All of it looks first and asks only for what is unknown, so a round that runs twice, late or beside another costs
 * nothing; a series that cannot be brought now is brought when it is asked for.
 */
export class Rounds {
  constructor(private readonly parts: RoundsParts) {}

  /**
   * Shortly before a close: the closed candles that evaluations of this timeframe need are put into L1. What the look at the close brings anyway
   * is not asked of the exchange. Resolves with the calls.
   */
  async close(timeframe: Timeframe, signal: AbortSignal): Promise<number> {
    const { clock, needs } = this.parts;
    await clock.sleep(clock.random() * JITTER_MS, signal);
    const active = (await needs.read()).needs;
    const due = active.filter(({ series }) => series.timeframe === timeframe);
    return await this.bring(due, signal, { reserve: RESERVES.close, leavesNewest: true });
  }

  /** Before an hour begins: the closed candles of what is likely to be asked in it. */
  async hour(signal: AbortSignal): Promise<number> {
    const { usage, clock } = this.parts;
    const model = await modelOf((await usage.load()).rows, clock);
    const nowMs = await this.parts.nowMs();
    const expected = model.predict({
      ...{ fromMs: nowMs, untilMs: nowMs + HOUR_BEGINS_MS + HOUR_MS },
      atLeast: LEAST_PROBABILITY,
    });
    const depths = new Map<string, WarmDepth>();
    for (const { series, count, back } of expected) deepen(depths, series, back + count);
    return await this.bring([...depths.values()], signal, { reserve: RESERVES.outlook });
  }

  /** When a day has begun: all that active strategies need, of every timeframe; ended runs of long ago are forgotten. */
  async day(signal: AbortSignal): Promise<number> {
    const { runs, needs } = this.parts;
    await runs.prune();
    return await this.bring((await needs.read()).needs, signal, { reserve: RESERVES.day });
  }

  private async bring(
    depths: readonly WarmDepth[],
    signal: AbortSignal,
    terms: DepthTerms,
  ): Promise<number> {
    let calls = 0;
    await eachOf(depths, SERIES_AT_ONCE, async (depth) => {
      const patient = { ...terms, patienceMs: PATIENCE_MS };
      calls += await this.parts.warmer.tryDepth(depth, signal, patient);
    });
    return calls;
  }
}

function deepen(depths: Map<string, WarmDepth>, series: Series, candles: number): void {
  const name = seriesName(series);
  const known = depths.get(name)?.candles ?? 0;
  depths.set(name, { series, candles: Math.max(known, candles) });
}
