import type { MarketCode, Series } from '@candlekeep/market';
import { inSpan, type Logger } from '@candlekeep/telemetry';
import type { CandleStore, FinalPage, StoredCandles } from './candle-store';
import type { CandleWindow, WindowQuery, WindowSight } from './candle-window';
import { joinKnown, withSettledHead } from './known-candles';
import { type Ladder, type Rung, rungOf } from './ladder';
import type { StoredCoverages } from './read-plan';

export interface TiersParts {
  readonly window: CandleWindow;
  readonly store: CandleStore;
  readonly log: Logger;
}

/** One series of the ladder: what was asked of it, and what L1 showed. */
interface Seen {
  readonly query: WindowQuery;
  readonly sight: WindowSight;
}

/** What L1 showed of a ladder at one moment. */
export interface WindowLook {
  readonly ladder: Ladder;
  /** The cache server's time, epoch ms. */
  readonly nowMs: number;
  readonly seen: readonly Seen[];
}

/** What L1 and L2 show together. */
export interface StoreLook {
  readonly ladder: Ladder;
  /** All that L2 covers of the market. */
  readonly stored: StoredCoverages;
  /** Puts what L2 brought into L1, for the next caller. */
  readonly fillWindow: () => Promise<void>;
}

/** A window that was filled, and the revision of L2 that its rows were read under. */
interface Filled {
  readonly series: Series;
  readonly revision: number;
}

const READ_L1 = { name: 'read L1' };
const READ_L2 = { name: 'read L2' };

/** L1 and L2 as one query sees them. */
export class Tiers {
  constructor(private readonly parts: TiersParts) {}

  /** One round trip, whatever the number of series. */
  async lookInWindow(queries: readonly WindowQuery[]): Promise<WindowLook> {
    const read = await inSpan(READ_L1, () => this.parts.window.read(queries));
    const sights = read.map(withSettledHead);
    const seen = queries.map((query, index) => ({ query, sight: at(sights, index) }));
    const ladder = ladderOf(seen.map(({ query, sight }) => rungOf(query, sight)));
    // Sights of several series are not of one moment: what the last one shows is not from the future.
    const nowMs = Math.max(...sights.map((sight) => sight.nowMs));
    return { ladder, nowMs, seen };
  }

  /** Adds what L2 holds of the same slices. */
  async lookInStore({ seen }: WindowLook, market: MarketCode): Promise<StoreLook> {
    const { store } = this.parts;
    const [coverages, ...found] = await inSpan(READ_L2, () =>
      Promise.all([
        store.readCoverages(market),
        ...seen.map(async ({ query: { series, ...slice } }) => await store.read(series, slice)),
      ]),
    );
    const rungs = seen.map(({ query, sight }, index) =>
      rungOf(query, joinKnown(sight, at(found, index))),
    );
    const stored = new Map([...coverages].map(([code, { coverage }]) => [code, coverage]));
    const fillWindow = async (): Promise<void> => {
      const fills = seen.map(async (one, index) => await this.fill(one, at(found, index)));
      const filled = (await Promise.all(fills)).filter((fill) => fill !== undefined);
      if (filled.length > 0) await this.confirm(market, filled);
    };
    return { ladder: ladderOf(rungs), stored, fillWindow };
  }

  /** Nothing where L1 knows it already, or is full of newer rows; a failure leaves the answer no less right. */
  private async fill({ query, sight }: Seen, stored: StoredCandles): Promise<Filled | undefined> {
    const page = newestRun(query, stored);
    if (page === undefined || page.covered.untilMs <= sight.keptFromMs) return undefined;
    if (sight.coverage.contains(page.covered)) return undefined;
    const { revision } = stored;
    try {
      await this.parts.window.fill(page, revision);
      return { series: query.series, revision };
    } catch (error) {
      this.parts.log.warn('rows read from L2 could not be put into L1', { error });
      return undefined;
    }
  }

  /**
   * A window that was lost meanwhile has forgotten the revision it was told of. So what was filled is held against L2 once more:
   * a correction that was told before the fill is seen here, and one that comes later is told after it.
   */
  private async confirm(market: MarketCode, filled: readonly Filled[]): Promise<void> {
    const { store, window, log } = this.parts;
    try {
      const now = await store.readCoverages(market);
      for (const { series, revision } of filled) {
        const latest = now.get(series.timeframe.code)?.revision ?? revision;
        if (latest !== revision) await window.expectRevision(series, latest);
      }
    } catch (error) {
      log.warn('rows put into L1 could not be held against L2 again', { error });
    }
  }
}

/** The newest covered stretch below the query's bound whose rows are all in hand; undefined where the store knows nothing there. */
function newestRun(query: WindowQuery, { coverage, rows }: StoredCandles): FinalPage | undefined {
  const { series, beforeMs, limit, fromMs = 0 } = query;
  const run = coverage.intersect({ fromMs, untilMs: beforeMs }).ranges.at(-1);
  if (run === undefined) return undefined;
  const oldestMs = rows.length < limit ? run.fromMs : (rows.at(-1)?.openMs ?? run.untilMs);
  const covered = { fromMs: Math.max(run.fromMs, oldestMs), untilMs: run.untilMs };
  if (covered.fromMs >= covered.untilMs) return undefined;
  const isInRun = (openMs: number): boolean => openMs >= covered.fromMs && openMs < covered.untilMs;
  return { series, covered, rows: rows.filter(({ openMs }) => isInRun(openMs)).reverse() };
}

function ladderOf([own, ...sources]: readonly Rung[]): Ladder {
  if (own === undefined) throw new TypeError('a ladder has at least the asked series');
  return [own, ...sources];
}

function at<Item>(items: readonly Item[], index: number): Item {
  const item = items[index];
  if (item === undefined) throw new TypeError('a tier gave fewer answers than it was asked for');
  return item;
}
