import {
  CandleSource,
  type LoadDemand,
  type LoadOutcome,
  type LoadTarget,
} from '@candlekeep/candle-cache';
import type { Clock } from '@candlekeep/clock';
import { fetchId } from '@candlekeep/jobs';
import { CandlekeepError } from '@candlekeep/market';
import { jobOf } from '@candlekeep/queue-source';
import type { PageFetcher } from '../../apps/worker/src/page-fetcher';
import type { SeriesFolder } from '../../apps/worker/src/series-folder';
import { SharedDemand } from './shared-demand';

interface ReplaySourceParts {
  readonly pages: PageFetcher;
  readonly folder: SeriesFolder;
  readonly clock: Clock;
}

interface UnderWay {
  readonly demand: SharedDemand;
  readonly work: Promise<void>;
}

/** What fails for a while is tried again after so long, ms. */
const RETRY_MS = 500;

/** The queue without a queue: jobs run at once, equal ones under way are one, who joins makes them more urgent, and what fails for a while is tried again for as long as somebody waits. */
export class ReplaySource extends CandleSource {
  private readonly underWay = new Map<string, UnderWay>();

  constructor(private readonly parts: ReplaySourceParts) {
    super();
  }

  override async load(target: LoadTarget, { lane, waitMs }: LoadDemand): Promise<LoadOutcome> {
    const id = fetchId(jobOf(target));
    const untilMs = this.parts.clock.monotonicMs() + waitMs;
    const running = this.underWay.get(id);
    running?.demand.join(lane, untilMs);
    await (running ?? this.start(id, target, new SharedDemand(lane, untilMs))).work;
    return { kind: 'loaded', collapsed: running !== undefined };
  }

  private start(id: string, target: LoadTarget, demand: SharedDemand): UnderWay {
    const work = this.run(target, demand).finally(() => this.underWay.delete(id));
    const started = { demand, work };
    this.underWay.set(id, started);
    return started;
  }

  private async run(target: LoadTarget, demand: SharedDemand): Promise<void> {
    const { pages, folder, clock } = this.parts;
    const { signal } = new AbortController();
    const job = jobOf(target);
    for (;;) {
      try {
        if (job.kind === 'fold') await folder.fold(job, signal);
        else await pages.fetch(job, { signal, demand });
        return;
      } catch (error) {
        if (!(error instanceof CandlekeepError) || !error.retryable) throw error;
        const againMs = Math.max(RETRY_MS, error.retryAfterMs ?? 0);
        if (clock.monotonicMs() + againMs >= demand.untilMonotonicMs) throw error;
        await clock.sleep(againMs);
      }
    }
  }
}
