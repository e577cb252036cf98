import type { MarketCode } from '@candlekeep/market';
import type { Span } from '../economy/calculators';
import type { Tapes } from '../support/tape';
import { type DayEvent, noteEvents, steadyEvents } from './day-events';
import type { Foresight, Variant } from './foresight';
import type { PacedExchange } from './paced-exchange';
import type { PreloadHouse } from './preload-house';
import type { Question } from './question';
import type { StrategyDocument } from './strategy-documents';
import type { ReplayClock } from './replay-clock';

export interface ReplayStage {
  readonly house: PreloadHouse;
  readonly exchange: PacedExchange;
}

/** Something that is done to the world at an instant. */
export interface Deed {
  readonly atMs: number;
  readonly act: (stage: ReplayStage) => void;
}

/** What is asked in some span, and what is known of it beforehand. */
export interface PreloadWork {
  readonly name: string;
  readonly span: Span;
  readonly tapes: Tapes;
  readonly questions: readonly Question[];
  /** Those that are active. */
  readonly strategies: readonly StrategyDocument[];
  /** Timeframes that the strategies need. */
  readonly timeframes: readonly string[];
  readonly deeds?: readonly Deed[];
  /** By how much the exchange's clock is ahead, ms. */
  readonly aheadMs?: number;
}

/** Before the first question strategies are activated, and before that the limiter has its rest. */
export const LEAD_IN_MS = 60_000;
export const REST_MS = 10_000;

/** Plays a workload through a house with one variant of foresight, all in virtual time. */
export class Replay {
  private readonly asking = new Set<Promise<unknown>>();
  private readonly failures: unknown[] = [];

  constructor(
    private readonly work: PreloadWork,
    private readonly stage: ReplayStage,
    private readonly clock: ReplayClock,
  ) {}

  /** Rejects with the first wrong answer, and with what a foresight throws. */
  async run({ open }: Variant): Promise<void> {
    const { work, clock } = this;
    const foresight = open?.({ house: this.stage.house, clock });
    await clock.passTo(clock.nowMs() + REST_MS);
    if (foresight?.start !== undefined) this.begin(() => foresight.start?.());
    const events = merge(this.given(foresight), steadyEvents(work, foresight));
    for (const { atMs, begin } of events) {
      await clock.passTo(atMs);
      this.begin(begin);
      await clock.settle();
      this.throwIfFailed();
    }
    // Some ask beyond the span, as charts do that follow.
    await clock.passTo(Math.max(work.span.untilMs, clock.nowMs()) + LEAD_IN_MS);
    this.throwIfFailed();
    if (this.asking.size > 0) throw new Error(`${this.asking.size} questions were never answered`);
  }

  private throwIfFailed(): void {
    const [first] = this.failures;
    if (this.failures.length === 0) return;
    throw first instanceof Error ? first : new Error(String(first));
  }

  /** Not waited for: time has to pass for it. */
  private begin(work: () => unknown): void {
    const run = async (): Promise<void> => {
      try {
        await work();
      } catch (error) {
        this.failures.push(error);
      }
    };
    const running = run().finally(() => this.asking.delete(running));
    this.asking.add(running);
  }

  /** Questions, deeds and notes, in the order of their times. */
  private given(foresight: Foresight | undefined): DayEvent[] {
    const { questions, deeds = [] } = this.work;
    const asked = questions.map((question) => ({
      atMs: question.atMs,
      begin: () => this.stage.house.ask(question),
    }));
    const done = deeds.map(({ atMs, act }) => ({
      atMs,
      begin: () => {
        act(this.stage);
      },
    }));
    const notes = noteEvents(questions, foresight);
    return [...asked, ...done, ...notes].sort((a, b) => a.atMs - b.atMs);
  }
}

/** Both in the order of their times. */
function* merge(given: readonly DayEvent[], steady: Generator<DayEvent>): Generator<DayEvent> {
  let next = steady.next();
  for (const event of given) {
    while (next.done !== true && next.value.atMs <= event.atMs) {
      yield next.value;
      next = steady.next();
    }
    yield event;
  }
  while (next.done !== true) {
    yield next.value;
    next = steady.next();
  }
}

/** Markets of some questions. */
export function marketsOf(questions: readonly Question[]): MarketCode[] {
  return [...new Set(questions.map(({ series }) => series.market))];
}
