import type { CandleAnswer } from '@candlekeep/candle-cache';
import { CandlekeepError, type MarketCode } from '@candlekeep/market';
import type { MarketModel } from './market-model';
import type { RunCounts } from './run-counts';
import { type Actor, Crash } from './stage';
import type { AskedRead } from './truth';
import type { VirtualTime } from './virtual-time';

/** A read that was asked of a gateway. */
export interface ReadActor extends AskedRead {
  readonly actor: Actor;
  /** How often L1 had lost keys, or its clock was turned, when it was asked. */
  readonly setbacks: number;
}

export interface ReadEndingsParts {
  readonly counts: RunCounts;
  readonly models: ReadonlyMap<MarketCode, MarketModel>;
  readonly time: VirtualTime;
  /** Whether L1 is so small that it forgets whenever it must. */
  readonly isForgetful: boolean;
  /** Told of a failure that nothing excuses. */
  readonly onUntrue: (error: unknown, actor: Actor) => void;
}

/** Judges how each read of a run ended, and counts it. */
export class ReadEndings {
  constructor(private readonly parts: ReadEndingsParts) {}

  /** Throws `Untrue` for an answer that the exchange has not shown. */
  judge(
    read: ReadActor,
    answer: CandleAnswer,
    { tier, move }: { readonly tier: string; readonly move: number },
  ): void {
    const { counts, models, time } = this.parts;
    counts.note(tier);
    counts.answeredRows += answer.rows.length;
    // A page in memory ages by its process' own clock, and still bears the stamp of before the turn.
    const firstCacheMs = read.firstCacheMs - (tier === 'l0' ? time.turnedForwardMs() : 0);
    models.get(read.query.series.market)?.truth.judge({ ...read, firstCacheMs }, answer, move);
  }

  /** @param setbacksNow how often L1 has lost keys by now, or its clock was turned */
  judgeFailure(error: unknown, { actor, setbacks }: ReadActor, setbacksNow: number): void {
    const { counts, time, isForgetful, onUntrue } = this.parts;
    if (error instanceof Crash) counts.note('crashed');
    else if (error instanceof CandlekeepError) counts.note(error.code);
    else onUntrue(error, actor);
    // Loads that do not help are only excused when what they brought was lost again, or is of another clock.
    const isCircling = error instanceof CandlekeepError && error.code === 'NO_PROGRESS';
    if (isCircling && setbacks === setbacksNow && !isForgetful) onUntrue(error, actor);
    const isTooEarly = error instanceof CandlekeepError && error.code === 'CACHE_CLOCK_SET_BACK';
    if (isTooEarly && !time.isCacheClockSetBack) onUntrue(error, actor);
  }
}
