import type { CandleStore, CandleWindow } from '@candlekeep/candle-cache';
import type { Clock } from '@candlekeep/clock';
import type { FoldJob, HeadJob, PageJob } from '@candlekeep/jobs';
import { CandlekeepError, type Candle, type MarketCode, Timeframe } from '@candlekeep/market';
import { steadyDemand } from '@candlekeep/rate-limiter';
import { type Logger, silentLogger } from '@candlekeep/telemetry';
import type { PageExchange } from '../../apps/worker/src/exchange-look';
import { PageFetcher } from '../../apps/worker/src/page-fetcher';
import { RevisionNews } from '../../apps/worker/src/revision-news';
import { SeriesFolder } from '../../apps/worker/src/series-folder';
import { GatedStore, GatedWindow } from '../model/gated-tiers';
import { RewritableExchange } from './rewritable-exchange';
import { Steps } from './steps';

/** The tiers of one test, memory or servers, and the clock that they go by. */
export interface Tiers {
  readonly store: CandleStore;
  readonly window: CandleWindow;
  readonly clock: Clock;
  /** Lets a few milliseconds pass. */
  readonly pass: () => Promise<void>;
}

export interface RigOptions {
  /** Default: one of its own. */
  readonly exchange?: RewritableExchange;
  readonly log?: Logger;
}

export type RigJob = HeadJob | PageJob | FoldJob;

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const ALL = { beforeMs: 8_000_000_000_000, limit: 5_000 };
const ATTEMPTS = 3;

/** One market, traded each minute for two days, and a worker whose every step to the tiers and the exchange can be disturbed. */
export class FetchRig {
  readonly steps = new Steps();
  readonly exchange: RewritableExchange;
  readonly pages: PageFetcher;
  readonly folder: SeriesFolder;
  readonly news: RevisionNews;
  readonly startMs: number;

  constructor(
    readonly tiers: Tiers,
    readonly market: MarketCode,
    { exchange, log = silentLogger }: RigOptions = {},
  ) {
    const { clock } = tiers;
    this.startMs = Math.floor(clock.nowMs() / DAY_MS) * DAY_MS - 2 * DAY_MS;
    const minutes = Math.floor((clock.nowMs() - this.startMs) / MINUTE_MS) + 60;
    const opens = Array.from({ length: minutes }, (_, minute) => this.at(minute));
    this.exchange = exchange ?? new RewritableExchange({ market, opens, clock });
    const store = new GatedStore(tiers.store, this.steps);
    const window = new GatedWindow(tiers.window, this.steps);
    this.pages = new PageFetcher({ exchange: this.gatedExchange(), store, window, clock, log });
    this.news = new RevisionNews(tiers.store, tiers.window);
    this.folder = new SeriesFolder({ store, window, clock });
  }

  /** The open of a minute of the market's history. */
  at(minute: number): number {
    return this.startMs + minute * MINUTE_MS;
  }

  page(untilMinute: number, timeframe = '1m'): PageJob {
    return { kind: 'page', market: this.market, timeframe, untilMs: this.at(untilMinute) };
  }

  fold(untilMinute: number, timeframe = '5m'): FoldJob {
    return { kind: 'fold', market: this.market, timeframe, untilMs: this.at(untilMinute) };
  }

  head(timeframe = '1m'): HeadJob {
    const freshSinceMs = this.tiers.clock.nowMs();
    return { kind: 'head', market: this.market, timeframe, freshSinceMs };
  }

  /** Runs a job once. */
  async run(job: RigJob): Promise<void> {
    const { signal } = new AbortController();
    if (job.kind === 'fold') await this.folder.fold(job, signal);
    else await this.pages.fetch(job, { signal, demand: steadyDemand(0) });
  }

  /** Runs a job as the queue does: again after an error that may pass. */
  async runThrough(job: RigJob): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.run(job);
        return;
      } catch (error) {
        const isTransient = error instanceof CandlekeepError && error.retryable;
        if (!isTransient || attempt === ATTEMPTS) throw error;
        await this.tiers.pass();
      }
    }
  }

  /** What L2 knows of a timeframe, opens counted in minutes. */
  async stored(timeframe: string) {
    const { rows, coverage } = await this.tiers.store.read(this.series(timeframe), ALL);
    return this.countedInMinutes(rows, coverage.ranges);
  }

  /** What L1 knows of a timeframe. */
  async held(timeframe: string) {
    const [sight] = await this.tiers.window.read([{ series: this.series(timeframe), ...ALL }]);
    return this.countedInMinutes(sight?.rows ?? [], sight?.coverage.ranges ?? []);
  }

  /** One line for each thing that L1 says and L2 does not; a row that L1 leaves out of what it covers is one as well. */
  async contradictions(timeframe: string): Promise<string[]> {
    const [held, stored] = [await this.held(timeframe), await this.stored(timeframe)];
    const isCovered = (minute: number) =>
      held.covered.some(({ from, until }) => minute >= from && minute < until);
    const expected = stored.rows.filter(({ minute }) => isCovered(minute)).map(textOf);
    const found = held.rows.map(textOf);
    const missing = expected.filter((row) => !found.includes(row));
    return [...found.filter((row) => !expected.includes(row)), ...missing];
  }

  /** Another worker on the same tiers, asking the same exchange. */
  colleague(): FetchRig {
    return new FetchRig(this.tiers, this.market, { exchange: this.exchange });
  }

  series(timeframe: string) {
    return { market: this.market, timeframe: Timeframe.parse(timeframe) };
  }

  private gatedExchange(): PageExchange {
    const { exchange, steps } = this;
    return {
      getCandles: (query) =>
        steps.step(`ask ${query.series.timeframe.code}`, () => exchange.getCandles(query)),
      forward: () => steps.step('ask for trades', () => exchange.forward()),
    };
  }

  private countedInMinutes(
    rows: readonly Candle[],
    ranges: readonly { readonly fromMs: number; readonly untilMs: number }[],
  ) {
    const minuteOf = (ms: number) => (ms - this.startMs) / MINUTE_MS;
    return {
      rows: rows.map(({ openMs, close, volume }) => ({ minute: minuteOf(openMs), close, volume })),
      covered: ranges.map(({ fromMs, untilMs }) => ({
        from: fromMs === 0 ? -Infinity : minuteOf(fromMs),
        until: minuteOf(untilMs),
      })),
    };
  }
}

function textOf({ minute, close, volume }: { minute: number; close: string; volume: string }) {
  return `${minute} ${close} ${volume}`;
}
