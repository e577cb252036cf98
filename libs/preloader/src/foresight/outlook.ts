import type { MarketCode } from '@candlekeep/market';
import type { Expected } from './ask';

/** What is expected for some time ahead, found by market without looking at the rest. */
export class Outlook {
  private readonly byMarket = new Map<MarketCode, Expected[]>();
  /** By when it begins, the soonest last. */
  private readonly waiting: Expected[];
  /** Markets of which something may have to be asked for already. */
  private readonly awake = new Set<MarketCode>();

  constructor(expected: readonly Expected[]) {
    this.waiting = expected.toSorted((a, b) => b.fromMs - a.fromMs);
    for (const one of expected) this.put(one);
  }

  /** Takes in something that is expected soon. */
  add(expected: Expected): void {
    this.put(expected);
    this.awake.add(expected.series.market);
  }

  /**
   * All that may still come, of each market of which something begins before `beginMs`. Instants in between may be asked for only forward.
   */
  *due(nowMs: number, beginMs: number): Iterable<readonly Expected[]> {
    for (let next = this.waiting.at(-1); next !== undefined && next.fromMs < beginMs;) {
      this.awake.add(next.series.market);
      this.waiting.pop();
      next = this.waiting.at(-1);
    }
    for (const market of this.awake) {
      const open = (this.byMarket.get(market) ?? []).filter(({ untilMs }) => untilMs > nowMs);
      this.byMarket.set(market, open);
      if (open.some(({ fromMs }) => fromMs < beginMs)) yield open;
      else this.awake.delete(market);
    }
  }

  private put(expected: Expected): void {
    const { market } = expected.series;
    const known = this.byMarket.get(market);
    if (known === undefined) this.byMarket.set(market, [expected]);
    else known.push(expected);
  }
}
