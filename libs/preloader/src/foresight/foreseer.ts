import { PAGE_ROWS } from '@candlekeep/candle-cache';
import { type Series, seriesName } from '@candlekeep/market';
import type { PredictionWindow, UsageModel, UsageNote } from '@candlekeep/usage';
import type { ActiveNeed } from './active-needs';
import type { Ask, Expected } from './ask';
import { AskPlanner, type AskPlannerOptions } from './ask-planner';
import { expectedOf } from './expected-of';
import { LookLedger } from './look-ledger';
import { Outlook } from './outlook';

export interface ForeseerOptions extends AskPlannerOptions {
  /** How often `due` is called, ms. Default 100. */
  readonly tickMs?: number;
}

const TICK_MS = 100;
/** Nobody who takes older rows than this needs to be foreseen to the second, ms. */
const OUTLOOK_MS = 60_000;
/** Habits are looked up so often; what follows from a note is taken in at once, ms. */
const OUTLOOK_EVERY_MS = 2_000;
/** What is less likely is not looked at. */
const LEAST_PROBABILITY = 0.3;
/** Until their habits are known, calculators of an active strategy are expected so soon after a close, ms. */
const AFTER_CLOSE_MS = 1_000;
const STRATEGY_PROBABILITY = 0.99;
const DEFAULT_MAX_AGE_MS = 1_000;
/** A strategy is taken at its word for so many closes; then somebody must have asked for what it needs within as many. */
const TRUSTED_CLOSES = 3;

/** What is about to be asked: by calculators of active strategies, and by whoever has the habit. Instants: epoch ms of the queue server. */
export class Foreseer {
  private readonly planner: AskPlanner;
  private readonly ledger = new LookLedger();
  private readonly tickMs: number;
  private needs: readonly ActiveNeed[] = [];
  /** What follows what was asked, one for each caller and question. */
  private readonly following = new Map<string, Expected>();
  private readonly lastAsked = new Map<string, number>();
  private outlook = new Outlook([]);
  private outlookUntilMs = -Infinity;

  /** `model`: undefined to go by strategies alone. */
  constructor(
    private readonly model: UsageModel | undefined,
    options: ForeseerOptions = {},
  ) {
    this.planner = new AskPlanner(options);
    this.tickMs = options.tickMs ?? TICK_MS;
  }

  /** What active strategies need from now on. */
  setNeeds(needs: readonly ActiveNeed[]): void {
    this.needs = needs;
    this.outlookUntilMs = -Infinity;
    const names = new Set(needs.map(({ series }) => seriesName(series)));
    for (const name of this.lastAsked.keys()) if (!names.has(name)) this.lastAsked.delete(name);
    for (const name of names) if (!this.lastAsked.has(name)) this.lastAsked.set(name, 0);
  }

  /** These series are habitually asked for: strategies that need them are trusted as if somebody had asked just now. */
  trust(series: readonly Series[], nowMs: number): void {
    for (const one of series) this.noteAsked(one, nowMs);
  }

  /** Somebody asked something. */
  heed(note: UsageNote): void {
    this.ledger.heed(note);
    this.noteAsked(note.series, note.atMs);
    for (const prediction of this.model?.learn(note) ?? []) {
      if (prediction.probability < LEAST_PROBABILITY) continue;
      const expected = expectedOf(prediction);
      this.following.set(keyOf(expected), expected);
      this.outlook.add(expected);
    }
  }

  /** What is to be asked now. To be called every tick, with instants that do not go back by more than that. */
  due(nowMs: number): readonly Ask[] {
    if (nowMs >= this.outlookUntilMs || nowMs < this.outlookUntilMs - 2 * OUTLOOK_EVERY_MS) {
      for (const [key, { untilMs }] of this.following)
        if (untilMs <= nowMs) this.following.delete(key);
      this.outlook = new Outlook(this.expected(nowMs, nowMs + OUTLOOK_MS));
      this.outlookUntilMs = nowMs + OUTLOOK_EVERY_MS;
    }
    this.ledger.settle(nowMs);
    const { tickMs, planner, ledger } = this;
    const due = [...this.outlook.due(nowMs, nowMs + planner.earlyMs(tickMs))];
    return due.flatMap((open) => {
      const asks = planner.plan(open, nowMs, { tickMs, leastWorth: ledger.leastWorth });
      ledger.made(asks, nowMs);
      return asks;
    });
  }

  /** The queue did not take what was `due` at `atMs`: it may be due again. */
  refused(ask: Ask, atMs: number): void {
    this.planner.forget(ask, atMs);
    this.ledger.forget(ask, atMs);
  }

  /** The soonest that are expected within a stretch of time, at most `most`. */
  upcoming(fromMs: number, untilMs: number, most: number): readonly Expected[] {
    const all = this.expected(fromMs, untilMs, most);
    return all.toSorted((a, b) => a.fromMs - b.fromMs).slice(0, most);
  }

  private noteAsked(series: Series, atMs: number): void {
    const name = seriesName(series);
    const last = this.lastAsked.get(name);
    if (last !== undefined) this.lastAsked.set(name, Math.max(last, atMs));
  }

  private expected(fromMs: number, untilMs: number, most?: number): readonly Expected[] {
    const bound = most === undefined ? {} : { most };
    const likely = [
      // What should have come already may still come.
      ...this.predict({ fromMs: fromMs - OUTLOOK_MS, untilMs: fromMs }),
      ...this.predict({ fromMs, untilMs, ...bound }),
      ...this.following.values(),
    ];
    return [...likely.filter((one) => one.untilMs > fromMs), ...this.ofStrategies(fromMs, untilMs)];
  }

  private predict(window: PredictionWindow): readonly Expected[] {
    const atLeast = LEAST_PROBABILITY;
    return (this.model?.predict({ ...window, atLeast }) ?? []).map(expectedOf);
  }

  /** The next evaluation of each need: just after the next close. */
  private ofStrategies(fromMs: number, untilMs: number): readonly Expected[] {
    return this.needs.flatMap((need) => {
      const { series, candles, strategies } = need;
      const { timeframe } = series;
      // One whose time has not passed yet is still to come.
      const closeMs = timeframe.ceil(fromMs - AFTER_CLOSE_MS);
      if (closeMs >= untilMs || !this.isTrusted(need, closeMs)) return [];
      const question = { series, count: Math.min(candles, PAGE_ROWS), back: 0 };
      return [
        {
          ...{
            ...question,
            maxAgeMs: DEFAULT_MAX_AGE_MS,
            caller: `strategies ${strategies.join()}`,
          },
          ...{ fromMs: closeMs, untilMs: closeMs + AFTER_CLOSE_MS },
          ...{ probability: STRATEGY_PROBABILITY, source: 'strategy' as const },
          why: `strategies ${strategies.join(', ')} evaluate after each ${timeframe.code}`,
        },
      ];
    });
  }

  private isTrusted({ series, sinceMs }: ActiveNeed, closeMs: number): boolean {
    const { timeframe } = series;
    const askedMs = Math.max(sinceMs, this.lastAsked.get(seriesName(series)) ?? 0);
    return timeframe.slotOf(closeMs) - timeframe.slotOf(askedMs) <= TRUSTED_CLOSES;
  }
}

function keyOf({ caller, series, count, back, maxAgeMs }: Expected): string {
  return `${caller} ${seriesName(series)} ${count} ${back} ${maxAgeMs}`;
}
