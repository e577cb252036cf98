import { seriesName } from '@candlekeep/market';
import type { ToldCandle } from '../gateway-candles';
import type { PlannedWindow } from '../variables/snapshot';

/**
 * What is at hand of all series while the stream goes on. Candles that are told while an answer is on its way may be newer than that
 * answer, so they are kept and taken in again when it is there.
 */
export class LiveWindows {
  private planned: readonly PlannedWindow[] = [];
  private early: readonly ToldCandle[] = [];
  private readings = 0;

  get all(): readonly PlannedWindow[] {
    return this.planned;
  }

  /** Replaces everything by what `read` brings. */
  async fill(read: () => Promise<readonly PlannedWindow[]>): Promise<void> {
    this.readings += 1;
    try {
      this.planned = await read();
      for (const told of this.early) this.pass(told);
    } finally {
      this.readings -= 1;
      if (this.readings === 0) this.early = [];
    }
  }

  /** Takes a candle in. Returns whether anything is different now. */
  take(told: ToldCandle): boolean {
    if (this.readings > 0) this.early = [...this.early, told];
    return this.pass(told);
  }

  private pass(told: ToldCandle): boolean {
    const name = `${told.market}:${told.timeframe}`;
    const found = this.planned.find(({ plan }) => seriesName(plan.series) === name);
    return found?.window.take(told) === true;
  }
}
