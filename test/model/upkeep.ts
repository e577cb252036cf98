import type { CandleStore, WindowWish } from '@candlekeep/candle-cache';
import { VERIFIED_AFTER_MS } from '@candlekeep/candle-store';
import { CandlekeepError, type MarketCode, seriesName } from '@candlekeep/market';
import { lookAgain, lookAgainAt } from './look-again';
import type { MarketModel } from './market-model';
import type { Stack } from './stack';
import { Actor, Crash, type Leave, type Stage } from './stage';
import type { VirtualTime } from './virtual-time';
import { HOUR_MS, SECOND_MS } from './world';

export interface UpkeepParts {
  readonly stage: Stage;
  readonly stack: () => Stack;
  readonly store: CandleStore;
  readonly time: VirtualTime;
  readonly models: ReadonlyMap<MarketCode, MarketModel>;
  /** Jobs under way. */
  readonly jobs: () => readonly { actor: Actor; begunMs: number }[];
  /** The run's present move. */
  readonly move: () => number;
  readonly onUnforeseen: (error: unknown, actor: Actor) => void;
}

/** The clocks may be so far apart. */
const CLOCKS_APART_MS = 20 * SECOND_MS;

/** What is done beside questions and jobs: the exchange rewrites, reconciliation looks again, an operator verifies and purges. */
export class Upkeep {
  constructor(private readonly parts: UpkeepParts) {}

  /** All that is in doubt is read again. Only a whole round settles anything. */
  async reconcile(leave: Leave): Promise<void> {
    const beforeMs = this.parts.time.cacheMs - VERIFIED_AFTER_MS;
    const isDone = await this.work('reconciliation', leave, () =>
      lookAgain(this.parts.stack(), this.parts.store, beforeMs),
    );
    if (!isDone) return;
    const settled = { beforeMs: beforeMs - CLOCKS_APART_MS, move: this.parts.move() };
    for (const { doubts } of this.parts.models.values()) doubts.settle(settled, this.parts.jobs());
  }

  /** The exchange changes a minute of long ago. */
  rewrite(market: MarketCode, minuteMs: number): void {
    const model = this.parts.models.get(market);
    if (model === undefined || minuteMs < model.market.world.kind.listedMs) return;
    model.market.rewrite(minuteMs, this.parts.time.trueMs);
    model.doubts.noteRewrite(minuteMs, this.parts.time.trueMs);
  }

  /** An operator has a market's doubtful minutes read again. */
  async verify(market: MarketCode, leave: Leave): Promise<void> {
    const doubts = this.parts.models.get(market)?.doubts;
    const [minuteMs] = doubts?.minutes ?? [];
    if (doubts === undefined || minuteMs === undefined) return;
    const isDone = await this.work('verification', leave, () =>
      lookAgainAt(this.parts.stack(), this.parts.store, { market, minuteMs }),
    );
    const settled = {
      beforeMs: this.parts.time.trueMs - VERIFIED_AFTER_MS,
      move: this.parts.move(),
    };
    if (isDone) doubts.settle(settled, this.parts.jobs(), minuteMs);
  }

  /** An operator has a market forgotten. */
  async purge(market: MarketCode, leave: Leave): Promise<void> {
    await this.work('purge', leave, async () => {
      await this.parts.stack().purge(market);
      return true;
    });
  }

  /** L1 is told how many rows to keep of these series, and of no others. */
  async prefer(
    wishes: readonly Pick<WindowWish, 'series' | 'rows'>[],
    leave: Leave,
  ): Promise<void> {
    const untilMs = this.parts.time.cacheMs + HOUR_MS;
    const bySeries = new Map(wishes.map((wish) => [seriesName(wish.series), { ...wish, untilMs }]));
    await this.work('preference', leave, async () => {
      await this.parts.stack().prefer([...bySeries.values()]);
      return true;
    });
  }

  /** Work of a worker that is no job; says whether it was done. */
  private async work(name: string, leave: Leave, task: () => Promise<boolean>): Promise<boolean> {
    const actor = new Actor(name);
    let isDone = false;
    await this.parts.stage.begin(actor, leave, async () => {
      try {
        isDone = await task();
      } catch (error) {
        const isForeseen = error instanceof Crash || error instanceof CandlekeepError;
        if (!isForeseen) this.parts.onUnforeseen(error, actor);
      }
    });
    return isDone;
  }
}
