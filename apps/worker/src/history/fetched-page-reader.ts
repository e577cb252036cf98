import { type PageQuestion, type PageRead, PageReader } from '@candlekeep/history';
import type { RateLimiter } from '@candlekeep/rate-limiter';
import { background, type Logger } from '@candlekeep/telemetry';
import type { PageFetcher, PageOutcome, PageQuestion as FetchQuestion } from '../page-fetcher';
import { SeriesTurns } from './series-turns';

export interface FetchedPageReaderParts {
  readonly pages: PageFetcher;
  /** A budget of its own, smaller than the exchange's: what is left is for those who wait. */
  readonly limiter: Pick<RateLimiter, 'take' | 'release'>;
  readonly log: Logger;
}

/** Pages for history work through the same steps as everybody's, but no faster than their own budget allows. */
export class FetchedPageReader extends PageReader {
  private readonly turns = new SeriesTurns();

  constructor(private readonly parts: FetchedPageReaderParts) {
    super();
  }

  override async readPage(question: PageQuestion, signal: AbortSignal): Promise<PageRead> {
    const outcome = await this.fetch({ ...question, evenIfKnown: true }, signal);
    if (outcome.kind === 'known') throw new Error('a page that is read in any case was not read');
    return readOf(outcome);
  }

  /**
   * Tasks of one series that overlap want the same page at the same time: they take turns, and each looks before it takes a permit,
   * and again when it has one.
   */
  override async readUnknownPage(
    question: PageQuestion,
    signal: AbortSignal,
  ): Promise<PageRead | undefined> {
    const unknown = { ...question, evenIfKnown: false, slots: 1 };
    return await this.turns.take(question.series, async () => {
      signal.throwIfAborted();
      if (await this.parts.pages.isStored(unknown)) return undefined;
      const outcome = await this.fetch(unknown, signal);
      return outcome.kind === 'known' ? undefined : readOf(outcome);
    });
  }

  private async fetch(question: FetchQuestion, signal: AbortSignal): Promise<PageOutcome> {
    const { pages, limiter, log } = this.parts;
    const permit = await limiter.take(signal);
    try {
      return await pages.readPage(question, signal);
    } finally {
      background(log, 'releasing a permit of history work', limiter.release(permit));
    }
  }
}

function readOf(outcome: Extract<PageOutcome, { readonly kind: 'read' }>): PageRead {
  const { covered, rows, calls, corrections } = outcome;
  return { covered, rows, calls, corrections: corrections.length };
}
