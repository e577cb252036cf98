import { Timeframe } from '@candlekeep/market';
import type { Span } from '../economy/calculators';
import { LEAD_MS } from '@candlekeep/preloader';
import { type Foresight, NOTE_WAY_MS, TICK_MS } from './foresight';
import { noteOf, type Question } from './question';

/** Something that happens at an instant; what it begins may take time. */
export interface DayEvent {
  readonly atMs: number;
  readonly begin: () => unknown;
}

/** Before the first question a foresight begins to look ahead, ms. */
const EARLIER_MS = 30_000;

/** What a foresight hears of callers, in the order of time. */
export function noteEvents(
  questions: readonly Question[],
  foresight: Foresight | undefined,
): DayEvent[] {
  if (foresight?.noted === undefined) return [];
  return questions.map((question) => ({
    atMs: question.atMs + NOTE_WAY_MS,
    begin: () => foresight.noted?.(noteOf(question)),
  }));
}

/** Ticks, and boundaries of the timeframes, in the order of time. */
export function* steadyEvents(
  { span, timeframes }: { readonly span: Span; readonly timeframes: readonly string[] },
  foresight: Foresight | undefined,
): Generator<DayEvent> {
  if (foresight?.tick === undefined && foresight?.boundary === undefined) return;
  const needed = timeframes.map((code) => Timeframe.parse(code));
  const firstMs = Math.ceil((span.fromMs - EARLIER_MS) / TICK_MS) * TICK_MS;
  for (let atMs = firstMs; atMs < span.untilMs; atMs += TICK_MS) {
    if (foresight.tick !== undefined) yield { atMs, begin: () => foresight.tick?.(atMs) };
    for (const timeframe of needed) {
      const isClose = timeframe.floor(atMs + LEAD_MS) === atMs + LEAD_MS;
      if (isClose) yield { atMs, begin: () => foresight.boundary?.(timeframe, atMs) };
    }
  }
}
