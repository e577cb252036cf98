import type { CandleStore } from '@candlekeep/candle-cache';
import type { Clock } from '@candlekeep/clock';
import { MINUTE_MS } from '@candlekeep/live-candles';
import type { Candle } from '@candlekeep/market';
import type { Logger } from '@candlekeep/telemetry';
import { type FollowedMarket, rowOf } from './followed-market';
import type { PageRequests } from './page-requests';
import { checkRow } from './row-check';

export interface DoubtSolverParts {
  readonly store: Pick<CandleStore, 'read'>;
  readonly pages: Pick<PageRequests, 'bring'>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

/** A `Date` header cuts off up to a second, and an answer has been on its way: a little later the minute has settled for sure, ms. */
const SETTLED_FOR_SURE_MS = 2_000;
const LONGEST_REST_MS = 60_000;
/** After a failure that asking again does not mend, such as a market that is not listed any more, ms. */
const REFUSED_REST_MS = 5 * 60_000;
/** Of one page. */
const MOST_MINUTES = 200;

/** Has the exchange decide what the stream could not prove: one page a market, whatever the number of its doubtful minutes. */
export class DoubtSolver {
  private readonly busy = new Set<FollowedMarket>();

  constructor(private readonly parts: DoubtSolverParts) {}

  /** Decides the doubtful minutes of a market, unless that is under way. Rejects when the term is over. */
  async solve(market: FollowedMarket): Promise<void> {
    const { clock, log, signal } = this.parts;
    if (this.busy.has(market) || market.doubtful.size === 0) return;
    this.busy.add(market);
    try {
      await this.solveAll(market);
    } catch (error) {
      signal.throwIfAborted();
      log.warn(`a doubtful minute of ${market.market} stays open for some minutes`, { error });
      await clock.sleep(REFUSED_REST_MS, signal);
    } finally {
      this.busy.delete(market);
    }
  }

  private async solveAll(market: FollowedMarket): Promise<void> {
    const { clock, signal } = this.parts;
    let restMs = SETTLED_FOR_SURE_MS;
    while (market.doubtful.size > 0) {
      await clock.sleep(restMs, signal);
      const decided = await this.solveNewest(market);
      restMs = decided > 0 ? SETTLED_FOR_SURE_MS : Math.min(restMs * 2, LONGEST_REST_MS);
    }
  }

  /** The newest doubtful minutes, as many as a page holds; resolves with how many are decided now. */
  private async solveNewest(market: FollowedMarket): Promise<number> {
    if (market.doubtful.size === 0) return 0;
    const untilMs = Math.max(...market.doubtful.keys()) + MINUTE_MS;
    const opens = [...market.doubtful.keys()].filter(
      (openMs) => openMs >= untilMs - MOST_MINUTES * MINUTE_MS,
    );
    const isAfresh = opens.some((openMs) => market.doubtful.get(openMs)?.isWithdrawn ?? false);
    await this.parts.pages.bring({ series: market.series, untilMs, isAfresh });
    const beforeMs = untilMs;
    const [fromMs, limit] = [Math.min(...opens), MOST_MINUTES];
    const known = await this.parts.store.read(market.series, { beforeMs, fromMs, limit });
    const decided = opens.filter((openMs) =>
      known.coverage.contains({ fromMs: openMs, untilMs: openMs + MINUTE_MS }),
    );
    const byOpen = new Map(known.rows.map((row) => [row.openMs, row]));
    for (const openMs of decided) this.settle(market, openMs, byOpen.get(openMs));
    market.passFinal();
    return decided.length;
  }

  private settle(market: FollowedMarket, openMs: number, own: Candle | undefined): void {
    const { verdict } = market.doubtful.get(openMs) ?? {};
    // A gap came between, and all begins anew.
    if (verdict === undefined) return;
    market.doubtful.delete(openMs);
    market.count('rest');
    const { log } = this.parts;
    if (market.unchecked.has(openMs)) {
      checkRow(market, { openMs, proven: market.unchecked.get(openMs), own }, log);
      market.unchecked.delete(openMs);
    } else if (verdict.kind === 'doubtful') market.live.found(openMs, own);
    else checkRow(market, { openMs, proven: rowOf(verdict), own }, log);
  }
}
