import {
  CandleSource,
  type LoadDemand,
  type LoadOutcome,
  type LoadTarget,
} from '@candlekeep/candle-cache';
import { fetchId, type FoldJob, type HeadJob, type PageJob } from '@candlekeep/jobs';
import { type Lane, laneRank } from '@candlekeep/market';
import { steadyDemand } from '@candlekeep/rate-limiter';
import { jobOf } from '@candlekeep/queue-source';
import type { PageFetcher } from '../../apps/worker/src/page-fetcher';
import type { SeriesFolder } from '../../apps/worker/src/series-folder';

/** One load that a gateway asked for. */
export interface Load {
  readonly target: LoadTarget;
  readonly demand: LoadDemand;
}

type CandleJob = HeadJob | PageJob | FoldJob;

interface DirectSourceParts {
  readonly pages: PageFetcher;
  readonly folder: SeriesFolder;
  readonly note: (load: Load) => void;
}

/** Jobs run at once, and equal ones under way are one. */
export class DirectSource extends CandleSource {
  private readonly underWay = new Map<string, Promise<unknown>>();

  constructor(private readonly parts: DirectSourceParts) {
    super();
  }

  override async load(target: LoadTarget, demand: LoadDemand): Promise<LoadOutcome> {
    this.parts.note({ target, demand });
    return { kind: 'loaded', collapsed: await this.run(jobOf(target), demand.lane) };
  }

  /** Resolves, when the job has been done, with whether an equal one was under way already. */
  async run(job: CandleJob, lane: Lane): Promise<boolean> {
    const id = fetchId(job);
    const running = this.underWay.get(id);
    await (running ?? this.start(id, job, lane));
    return running !== undefined;
  }

  private async start(id: string, job: CandleJob, lane: Lane): Promise<void> {
    const { pages, folder } = this.parts;
    const { signal } = new AbortController();
    const terms = { signal, demand: steadyDemand(laneRank(lane)) };
    const run = job.kind === 'fold' ? folder.fold(job, signal) : pages.fetch(job, terms);
    this.underWay.set(id, run);
    try {
      await run;
    } finally {
      this.underWay.delete(id);
    }
  }
}
