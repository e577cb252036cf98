import type { Clock } from '@candlekeep/clock';
import { modelOf, type UsageBook, type UsagePatterns } from '@candlekeep/usage';

/** What was learned, as of a moment. */
export interface PatternsReading {
  /** Epoch ms of this process' clock. */
  readonly nowMs: number;
  /** When the last question was asked that was learned from, epoch ms; 0 for none. */
  readonly learnedUntilMs: number;
  readonly patterns: UsagePatterns;
}

export interface LearnedPatternsParts {
  readonly book: Pick<UsageBook, 'load'>;
  readonly clock: Clock;
}

interface Reading {
  readonly result: Promise<PatternsReading>;
  /** Monotonic ms; Infinity while it is under way. */
  freshUntilMs: number;
}

const FRESH_FOR_MS = 5_000;
/** A reading is fresh for so many times as long as it took, so that whoever looks all the time takes 5 % of this process at most. */
const FRESH_TIMES = 20;

/** What the learner has saved, for people to look at: read anew every five seconds at most, once for all who ask. */
export class LearnedPatterns {
  private reading: Reading | undefined;

  constructor(private readonly parts: LearnedPatternsParts) {}

  /** Rejects with `UsageUnavailable`; asked again, it tries again. */
  async read(): Promise<PatternsReading> {
    const { reading } = this;
    const nowMs = this.parts.clock.monotonicMs();
    if (reading !== undefined && nowMs < reading.freshUntilMs) return await reading.result;
    return await this.begin();
  }

  private async begin(): Promise<PatternsReading> {
    const { clock } = this.parts;
    const begunMs = clock.monotonicMs();
    const reading: Reading = { result: this.load(), freshUntilMs: Infinity };
    this.reading = reading;
    try {
      const result = await reading.result;
      const nowMs = clock.monotonicMs();
      reading.freshUntilMs = nowMs + Math.max(FRESH_FOR_MS, FRESH_TIMES * (nowMs - begunMs));
      return result;
    } catch (error) {
      this.reading = undefined;
      throw error;
    }
  }

  private async load(): Promise<PatternsReading> {
    const { book, clock } = this.parts;
    const { rows, untilMs } = await book.load();
    const model = await modelOf(rows, clock);
    const nowMs = clock.nowMs();
    return { nowMs, learnedUntilMs: untilMs, patterns: model.patterns(nowMs) };
  }
}
