import type { CallTerms } from '@candlekeep/exchange-client';
import type { FetchJob } from '@candlekeep/jobs';
import type { PageFetcher } from './page-fetcher';
import type { SeriesFolder } from './series-folder';
import type { TextFetcher } from './text-fetcher';

export interface FetchRunnerParts {
  readonly pages: PageFetcher;
  readonly folder: SeriesFolder;
  readonly texts: TextFetcher;
}

/** Gives each fetch job to whoever does its kind. */
export class FetchRunner {
  constructor(private readonly parts: FetchRunnerParts) {}

  /** What the job asks for is in the tiers when it resolves. */
  async run(job: FetchJob, terms: CallTerms): Promise<void> {
    const { pages, folder, texts } = this.parts;
    switch (job.kind) {
      case 'head':
      case 'page':
        await pages.fetch(job, terms);
        return;
      case 'fold':
        await folder.fold(job, terms.signal);
        return;
      case 'markets':
      case 'forward':
        await texts.fetch(job, terms);
    }
  }
}
