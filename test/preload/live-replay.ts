import type { MarketCode } from '@candlekeep/market';
import type { Span } from '../economy/calculators';
import { type Deed, LiveDay } from '../live-day/live-day';
import { type DayEvent, noteEvents, steadyEvents } from './day-events';
import type { Variant } from './foresight';
import { PreloadHouse } from './preload-house';
import type { Question } from './question';
import { LEAD_IN_MS, REST_MS } from './replay';
import type { StrategyDocument } from './strategy-documents';

/** A day with the live stream. */
export interface LiveWork {
  readonly name: string;
  readonly span: Span;
  readonly questions: readonly Question[];
  readonly strategies: readonly StrategyDocument[];
  readonly timeframes: readonly string[];
  /** Markets that are followed, those beside the shipped ones among them. */
  readonly followed: readonly MarketCode[];
  readonly listed: readonly MarketCode[];
}

/**
 * Plays the callers' day over the simulator's stream with one variant; answers of the exchange take 6 to 34 ms, and nobody waits for a permit:
 * there are too few calls for that. Rejects at the first wrong answer.
 */
export async function liveVariant(
  work: LiveWork,
  { open }: Variant,
  seed: number,
): Promise<PreloadHouse> {
  const { questions, span, followed, listed } = work;
  const failures: unknown[] = [];
  const under = new Set<Promise<unknown>>();
  // Not waited for: time has to pass for it.
  const begin = ({ begin: start }: DayEvent): void => {
    const running = run(start).finally(() => under.delete(running));
    under.add(running);
  };
  const run = async (start: () => unknown): Promise<void> => {
    try {
      await start();
    } catch (error) {
      failures.push(error);
    }
  };
  const deeds: Deed[] = [];
  const fromMs = span.fromMs - LEAD_IN_MS;
  const { untilMs } = span;
  const day = new LiveDay({ fromMs, untilMs, seed, requests: [], followed, listed, deeds });
  const house = houseOf(day);
  const foresight = open?.({ house, clock: day.clock });
  const asks = questions.map((question) => ({
    atMs: question.atMs,
    begin: () => house.ask(question),
  }));
  const start = { atMs: fromMs + REST_MS, begin: () => foresight?.start?.() };
  const events = [
    ...[start, ...asks, ...noteEvents(questions, foresight)],
    ...steadyEvents(work, foresight),
  ];
  for (const event of events) {
    deeds.push({
      atMs: event.atMs,
      act: () => {
        begin(event);
      },
    });
  }
  await day.run();
  await Promise.all(under);
  const wrong = [...failures, ...day.judge.wrong, ...day.store.wrong];
  if (wrong.length > 0) throw new Error(wrong.slice(0, 3).map(String).join('\n'));
  return house;
}

function houseOf(day: LiveDay): PreloadHouse {
  const { clock, store, window, source, judge, exchange } = day;
  const house = new PreloadHouse({
    ...{ clock, source, tiers: { store, window, loseL1: () => window.loseAll() } },
    judge: (question, answer, times) => {
      judge.judge({ ...question, caller: question.lane }, answer, times);
    },
  });
  exchange.onPage = ({ atMs, series, lane }, toMs, candles) => {
    house.note({ lane, series, toMs, sentMs: atMs, oldestMs: candles[0]?.openMs });
  };
  return house;
}
