import { CandlekeepError, type Timeframe } from '@candlekeep/market';
import {
  type ActiveNeed,
  type Ask,
  Foreseer,
  needsOf,
  queryOf,
  RESERVES,
  Rounds,
  Warmer,
  windowWishes,
} from '@candlekeep/preloader';
import { parseStrategy } from '@candlekeep/strategies';
import { silentLogger } from '@candlekeep/telemetry';
import { type ModelRow, UsageModel, type UsageNote } from '@candlekeep/usage';
import { HOUR_MS, MINUTE_MS } from '../economy/calculators';
import { type Foresight, type ForesightParts, TICK_MS, type Variant } from './foresight';
import type { StrategyDocument } from './strategy-documents';

export interface ForeseenBy {
  /** Those that are active. */
  readonly strategies: readonly StrategyDocument[];
  readonly learns: boolean;
}

/**
 * The product's own foresight, decision for decision, at its own moments; only the queue and the lease between decisions and early
 * questions are left out, and the budget, since what is spent is told.
 */
export function foreseen(name: string, by: ForeseenBy): Variant {
  return { name, open: (parts) => new Foreseen(by, parts) };
}

const UNLIMITED = { take: () => Promise.resolve(true), giveBack: () => Promise.resolve() };
/** As in the owner: what is older has been heard. */
const HEARD_AFTER_MS = 2_000;
/** As the schedules have it, after the hour and after the day, ms. */
const HOURLY_MS = 53 * MINUTE_MS + 30_000;
const DAILY_MS = 20_000;
const DAY_MS = 24 * HOUR_MS;

class Foreseen implements Foresight {
  private readonly needs: readonly ActiveNeed[];
  private readonly model: UsageModel | undefined;
  private readonly foreseer: Foreseer;
  private readonly warmer: Warmer;
  private readonly rounds: Rounds;
  /** What is kept of the model. */
  private readonly rows = new Map<string, ModelRow>();

  constructor(
    { strategies, learns }: ForeseenBy,
    private readonly parts: ForesightParts,
  ) {
    const { clock, house } = parts;
    this.needs = needsAt(clock.nowMs(), strategies);
    this.model = learns ? new UsageModel() : undefined;
    this.foreseer = new Foreseer(this.model, { tickMs: TICK_MS });
    this.foreseer.setNeeds(this.needs);
    const nowMs = (): Promise<number> => Promise.resolve(clock.nowMs());
    const { window, store } = house.tiers;
    this.warmer = new Warmer({
      ...{ window, store, source: house.source, budget: UNLIMITED, clock, log: silentLogger },
      nowMs,
    });
    this.rounds = new Rounds({
      needs: { read: () => Promise.resolve({ revision: 1, needs: this.needs }) },
      usage: { load: () => Promise.resolve({ rows: this.keptRows(), lastId: '0', untilMs: 0 }) },
      runs: { prune: () => Promise.resolve() },
      ...{ warmer: this.warmer, nowMs, clock },
    });
  }

  /** A preload run of each strategy. */
  async start(): Promise<void> {
    for (const need of this.needs) {
      await this.warmer.tryDepth(need, neverAborted(), { reserve: RESERVES.run });
    }
  }

  noted(note: UsageNote): void {
    this.foreseer.heed(note);
  }

  async tick(nowMs: number): Promise<void> {
    this.model?.heard(nowMs - HEARD_AFTER_MS);
    const asking: Promise<unknown>[] = this.foreseer.due(nowMs).map((ask) => this.ask(ask, nowMs));
    if (nowMs % MINUTE_MS === 0) asking.push(this.tellWishes(nowMs));
    if (nowMs % HOUR_MS === HOURLY_MS) asking.push(this.rounds.hour(neverAborted()));
    if (nowMs % DAY_MS === DAILY_MS) asking.push(this.rounds.day(neverAborted()));
    await Promise.all(asking);
  }

  async boundary(timeframe: Timeframe): Promise<void> {
    await this.rounds.close(timeframe, neverAborted());
  }

  private async ask(ask: Ask, nowMs: number): Promise<void> {
    const { house } = this.parts;
    const answered = house.predict(ask.series, queryOf(ask, nowMs).beforeMs);
    try {
      await this.warmer.warm(ask, { reserve: RESERVES[ask.source] });
      answered(nowMs);
    } catch (error) {
      if (!(error instanceof CandlekeepError)) throw error;
    }
  }

  private async tellWishes(nowMs: number): Promise<void> {
    const wishes = windowWishes(this.needs, this.model?.worth(nowMs) ?? [], nowMs);
    await this.parts.house.tiers.window.prefer(wishes);
  }

  private keptRows(): ModelRow[] {
    for (const row of this.model?.changes() ?? []) this.rows.set(row.key, row);
    return [...this.rows.values()];
  }
}

/** One for each use: a signal that lives for days would remember each of its waits. */
function neverAborted(): AbortSignal {
  return new AbortController().signal;
}

function needsAt(nowMs: number, strategies: readonly StrategyDocument[]): readonly ActiveNeed[] {
  const stored = strategies.map(({ id, document }) => ({
    ...{ strategy: parseStrategy(document, id), document, isActive: true, revision: 1 },
    ...{ createdAtMs: nowMs, updatedAtMs: nowMs },
  }));
  return needsOf(stored);
}
