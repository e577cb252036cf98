import { seriesName } from '@candlekeep/market';
import type { Ask, Expected } from './ask';

export interface AskPlannerOptions {
  /** From asking until what was asked for is at hand, in nearly all cases, ms. Default 300. */
  readonly leadMs?: number;
}

const LEAD_MS = 300;
/** What is asked along with something surer: its market's present is seen then anyway. */
const LEAST_COMPANION = 0.5;
/** An expectation counts as an instant of at least this width, ms. */
const LEAST_WIDTH_MS = 50;
/** After a close the newest closed candle may change for so long, by whatever clock, ms. */
const CHANGEABLE_MS = 15_000;
/** By so much a stretch that begins with a close may seem to begin before it, ms. */
const EARLY_MS = 100;
const MOST_REMEMBERED = 10_000;
const REMEMBERED_MS = 3_600_000;

/** One expectation, and how much of it asking now would serve. */
interface Chance {
  readonly expected: Expected;
  /** Share of its arrivals that would find what was asked for now, 0 to 1. */
  readonly share: number;
  /** Waiting would lose something. */
  readonly isDue: boolean;
}

/**
 * Decides, market by market, when to look at the present early. A look serves whoever comes before it is too old for them; so it is made as
 * late as the first of them allows, never before the candle has opened in which they come, and only if it is likely enough that anybody comes: one
 * look serves all timeframes of a market.
 */
export class AskPlanner {
  private readonly leadMs: number;
  /** When a question was asked early the last time, epoch ms. */
  private readonly asked = new Map<string, number>();

  constructor({ leadMs = LEAD_MS }: AskPlannerOptions = {}) {
    this.leadMs = leadMs;
  }

  /** So long before somebody is expected a look for them may have to be made, ms, by a planner that is called every `tickMs`. */
  earlyMs(tickMs: number): number {
    return this.leadMs + tickMs;
  }

  /**
   * What is to be asked now of one market, nothing or all that a look serves. `expected`: everything of it that may come from now on, as far
   * ahead as the longest maximum age that counts; to be called every `tickMs`. `leastWorth`: the least chance of use that is asked for, 0 to 1.
   */
  plan(
    expected: readonly Expected[],
    nowMs: number,
    { tickMs, leastWorth }: { readonly tickMs: number; readonly leastWorth: number },
  ): readonly Ask[] {
    this.forgetOld(nowMs);
    const chances = expected.map((one) => this.chanceOf(one, nowMs, tickMs));
    if (!chances.some(({ isDue, share }) => isDue && share > 0)) return [];
    const worth = worthOf(chances);
    if (worth < leastWorth) return [];
    const companions = chances.filter(
      ({ expected: { probability }, share }) => share > 0 && probability >= LEAST_COMPANION,
    );
    const chosen = companions.length > 0 ? companions : surestFirst(chances).slice(0, 1);
    for (const { expected: one } of chosen) this.asked.set(keyOf(one), nowMs);
    return asksOf(
      surestFirst(chosen).map((chance) => chance.expected),
      worth,
    );
  }

  /** What was to be asked at `atMs` was not: whoever it was for is served by nothing yet. */
  forget(ask: Ask, atMs: number): void {
    const key = keyOf(ask);
    if (this.asked.get(key) === atMs) this.asked.delete(key);
  }

  /** Arrivals are taken to be spread evenly over the stretch. */
  private chanceOf(expected: Expected, nowMs: number, tickMs: number): Chance {
    const untilMs = Math.max(expected.untilMs, expected.fromMs + LEAST_WIDTH_MS);
    const fromMs = Math.max(expected.fromMs, this.servedUntil(expected));
    const servedMs = Math.min(untilMs, nowMs + lastsMs(expected, nowMs)) - Math.max(fromMs, nowMs);
    const share = nowMs >= knowableMs(expected) ? servedMs / (untilMs - expected.fromMs) : 0;
    const isDue = fromMs < nowMs + this.earlyMs(tickMs);
    return { expected, share: Math.min(1, Math.max(0, share)), isDue };
  }

  /** Until when arrivals are served by what was asked for before. */
  private servedUntil(expected: Expected): number {
    const askedMs = this.asked.get(keyOf(expected));
    if (askedMs === undefined || askedMs < knowableMs(expected)) return -Infinity;
    return askedMs + lastsMs(expected, askedMs);
  }

  private forgetOld(nowMs: number): void {
    if (this.asked.size <= MOST_REMEMBERED) return;
    for (const [key, askedMs] of this.asked) {
      if (askedMs < nowMs - REMEMBERED_MS) this.asked.delete(key);
    }
  }
}

/** That anybody is served. Callers come or not by themselves; what one caller asks it asks together, so its likeliest question counts for it. */
function worthOf(chances: readonly Chance[]): number {
  const likeliest = new Map<string, number>();
  for (const { expected, share } of chances) {
    const { caller, probability } = expected;
    likeliest.set(caller, Math.max(likeliest.get(caller) ?? 0, probability * share));
  }
  let nobody = 1;
  for (const chance of likeliest.values()) nobody *= 1 - chance;
  return 1 - nobody;
}

function surestFirst(chances: readonly Chance[]): readonly Chance[] {
  return chances.toSorted(
    (a, b) => b.expected.probability * b.share - a.expected.probability * a.share,
  );
}

/** Equal questions become one, wanted for as long as any of them. */
function asksOf(expected: readonly Expected[], worth: number): readonly Ask[] {
  const asks = new Map<string, Ask>();
  for (const one of expected) {
    const { series, count, back, maxAgeMs, untilMs, source, why } = one;
    const known = asks.get(keyOf(one));
    asks.set(keyOf(one), {
      ...{ series, back, worth },
      ...{ source: known?.source ?? source, why: known?.why ?? why },
      count: Math.max(count, known?.count ?? 0),
      maxAgeMs: Math.min(maxAgeMs, known?.maxAgeMs ?? Infinity),
      untilMs: Math.max(untilMs, known?.untilMs ?? 0),
    });
  }
  return [...asks.values()];
}

/** Closed candles do not age if they were beyond change when they were asked for. */
function lastsMs(expected: Expected, askedMs: number): number {
  const isSettled = expected.back > 0 && askedMs >= slotOf(expected) + CHANGEABLE_MS;
  return isSettled ? Infinity : expected.maxAgeMs;
}

/**
 * The earliest instant at which what they want can be looked at. Whoever comes after a close wants the candle that it has closed: a look made before
 * shows that without its last trades, and would be given to them. Who comes by no close takes the present as it is.
 */
function knowableMs(expected: Expected): number {
  const openMs = slotOf(expected);
  return expected.back > 0 || expected.fromMs >= openMs - EARLY_MS ? openMs : -Infinity;
}

/** The open of the candle that is present when somebody comes. */
function slotOf({ series, fromMs, untilMs }: Expected): number {
  return series.timeframe.floor((fromMs + untilMs) / 2);
}

function keyOf({ series, back }: Pick<Expected, 'series' | 'back'>): string {
  return `${seriesName(series)} ${back}`;
}
