import {
  mayBeAnsweredStale,
  Patience,
  SERVED_INSTEAD,
  type TextSight,
} from '@candlekeep/candle-cache';
import { textAnswerName } from '@candlekeep/jobs';
import {
  TextAnswerMissing,
  type TextAnswersParts,
  type TextQuestion,
  type TextReading,
  type TextWish,
} from './text-question';

/** What the cache showed, and when it was asked by this process' own clock, so that an age is rather overstated than understated. */
interface Look {
  readonly sight: TextSight;
  readonly atMonotonicMs: number;
}

/** One question's way to the exchange's text. */
export class TextJourney {
  private readonly name: string;
  private readonly patience: Patience;
  /** One instant of freshness holds for the whole way, so an answer that was loaded for it is never too old on arrival. */
  private freshSinceMs: number | undefined;
  private lastLook: Look | undefined;
  /** Of the first load; undefined while none was asked for. */
  private collapsed: boolean | undefined;

  constructor(
    private readonly question: TextQuestion,
    private readonly wish: TextWish,
    private readonly parts: TextAnswersParts,
  ) {
    this.name = textAnswerName({ ...question, freshSinceMs: 0 });
    this.patience = new Patience(parts.clock, wish.patienceMs ?? parts.patienceMs);
  }

  /** Looks, and has the text loaded, until it is young enough; with an older one where the caller takes it. */
  async run(): Promise<TextReading> {
    const { maxStaleMs = 0, staleIfErrorMs = 0 } = this.wish;
    try {
      for (;;) {
        const answer = await this.step();
        if (answer !== undefined) return answer;
      }
    } catch (error) {
      const isAllowed = mayBeAnsweredStale(error);
      const stale = isAllowed ? this.findStale(Math.max(maxStaleMs, staleIfErrorMs)) : undefined;
      if (stale === undefined) throw error;
      this.parts.failures.heed(SERVED_INSTEAD, error);
      return { ...stale, insteadOfError: stale.staleMs > 0 };
    }
  }

  private async step(): Promise<TextReading | undefined> {
    const { cache, clock } = this.parts;
    const atMonotonicMs = clock.monotonicMs();
    const sight = await cache.find(this.name);
    this.lastLook = { sight, atMonotonicMs };
    const freshSinceMs = (this.freshSinceMs ??= Math.max(0, sight.nowMs - this.wish.maxAgeMs));
    const known = this.find(freshSinceMs) ?? this.findStale(this.wish.maxStaleMs);
    if (known !== undefined) return known;
    await this.load(freshSinceMs);
    return undefined;
  }

  private async load(freshSinceMs: number): Promise<void> {
    const { lane, onlyIfCached = false } = this.wish;
    if (onlyIfCached) throw this.missing('NOT_CACHED', 'is not cached; ask without only-if-cached');
    const tooSlow = (): TextAnswerMissing =>
      this.missing(
        'LOAD_TOO_SLOW',
        `did not arrive from the exchange within ${this.patience.totalMs} ms; ask again, and see whether a worker runs`,
      );
    const waitMs = this.patience.leftMs;
    if (waitMs === 0) throw tooSlow();
    const load = this.parts.requester.request({ ...this.question, freshSinceMs }, { waitMs, lane });
    const { collapsed } = await this.patience.within(load, tooSlow);
    this.collapsed ??= collapsed;
  }

  /** What was known when it was looked last, if it is too old by `allowedMs` at most. */
  private findStale(allowedMs = 0): TextReading | undefined {
    if (allowedMs === 0) return undefined;
    return this.find(this.nowMs() - this.wish.maxAgeMs - allowedMs);
  }

  /** The text if it was seen since then. One from the future was written under another clock: it proves nothing about its age. */
  private find(sinceMs: number): TextReading | undefined {
    const { answer, nowMs: lookedMs = 0 } = this.lastLook?.sight ?? {};
    if (answer === undefined || answer.seenAtMs < sinceMs || answer.seenAtMs > lookedMs) {
      return undefined;
    }
    const asOfMs = answer.seenAtMs;
    const ageMs = this.nowMs() - asOfMs;
    const isStale = asOfMs < (this.freshSinceMs ?? 0);
    return {
      ...answer,
      ...{ asOfMs, ageMs },
      source: this.collapsed === undefined || isStale ? 'l1' : 'exchange',
      collapsed: this.collapsed ?? false,
      // A clock that was set back since the first look makes an old sight look young: it is stale all the same.
      staleMs: isStale ? Math.max(1, ageMs - this.wish.maxAgeMs) : 0,
      insteadOfError: false,
    };
  }

  /** The cache server's time, carried on since the last look. */
  private nowMs(): number {
    if (this.lastLook === undefined) return 0;
    const { sight, atMonotonicMs } = this.lastLook;
    return sight.nowMs + Math.floor(this.parts.clock.monotonicMs() - atMonotonicMs);
  }

  private missing(code: TextAnswerMissing['code'], what: string): TextAnswerMissing {
    return new TextAnswerMissing(code, `${this.name} ${what}`);
  }
}
