import { distinctPages, PageLoad } from './page-load';
import { LimiterHouse, type LimiterHouseOptions } from './limiter-house';
import { BUDGET_PER_SECOND, perSecond } from './rates';

/** Six seconds of the budget: always enough to do, and less than the eight seconds that a caller waits. */
const AT_ONCE = 60;

export interface LimiterRun {
  readonly pages: number;
  /** Calls of candles. */
  readonly calls: number;
  /** Calls a second between the first and the last, of the ten that the exchange allows. */
  readonly share: number;
  /** What the exchange saw that no caller should do. */
  readonly violations: readonly { readonly kind: string }[];
  readonly violationCount: number;
  /** The most calls in any second. */
  readonly maxPerSecond: number;
  /** Calls that the exchange answered with 429 or 418. */
  readonly rejected: number;
  /** How often a caller was told to ask again. */
  readonly refusals: number;
}

/** Has a house bring so many distinct pages, as fast as it may, while `disturb` does what it does until its signal aborts. */
export async function runLimiter(
  options: LimiterHouseOptions,
  pages: number,
  disturb: (house: LimiterHouse, signal: AbortSignal) => Promise<unknown> = () => Promise.resolve(),
): Promise<LimiterRun> {
  const limiterHouse = await LimiterHouse.start(options);
  try {
    const { house } = limiterHouse;
    const load = new PageLoad(house, distinctPages(pages));
    const ended = new AbortController();
    load.start(AT_ONCE);
    const disturbing = disturb(limiterHouse, ended.signal);
    await load.untilAnswered().finally(() => {
      ended.abort();
    });
    await disturbing;
    const [arrivals, witness] = await Promise.all([house.arrivals(), house.witness()]);
    const { violations, violationCount, maxPerSecond, rejected } = witness;
    return {
      ...{ pages: load.answers.length, calls: arrivals.length, violations, violationCount },
      ...{ maxPerSecond, rejected, share: perSecond(arrivals) / BUDGET_PER_SECOND },
      refusals: [...load.refusals.values()].reduce((sum, count) => sum + count, 0),
    };
  } finally {
    await limiterHouse.close();
  }
}
