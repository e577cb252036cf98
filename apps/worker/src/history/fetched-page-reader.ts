import { type PageQuestion, type PageRead, PageReader } from '@candlekeep/history';
import { type Lane, laneRank } from '@candlekeep/market';
import { steadyDemand } from '@candlekeep/rate-limiter';
import type { PageFetcher, PageOutcome, PageQuestion as FetchQuestion } from '../page-fetcher';
import { SeriesTurns } from './series-turns';

/** Pages for history work through the same steps as everybody's, behind whoever waits for an answer. */
export class FetchedPageReader extends PageReader {
  private readonly turns = new SeriesTurns();

  constructor(private readonly pages: PageFetcher) {
    super();
  }

  /** A second look: verification and reconciliation. */
  override async readPage(question: PageQuestion, signal: AbortSignal): Promise<PageRead> {
    const outcome = await this.fetch({ ...question, evenIfKnown: true }, 'reconcile', signal);
    if (outcome.kind === 'known') throw new Error('a page that is read in any case was not read');
    return readOf(outcome);
  }

  /**
   * Backfill. Tasks of one series that overlap want the same page at the same time: those of this process take turns, and each looks
   * first. Two processes may both ask for it; the second then changes nothing.
   */
  override async readUnknownPage(
    question: PageQuestion,
    signal: AbortSignal,
  ): Promise<PageRead | undefined> {
    const unknown = { ...question, evenIfKnown: false, slots: 1 };
    return await this.turns.take(question.series, async () => {
      signal.throwIfAborted();
      const outcome = await this.fetch(unknown, 'backfill', signal);
      return outcome.kind === 'known' ? undefined : readOf(outcome);
    });
  }

  private async fetch(
    question: FetchQuestion,
    lane: Lane,
    signal: AbortSignal,
  ): Promise<PageOutcome> {
    const demand = steadyDemand(laneRank(lane));
    return await this.pages.readPage(question, { signal, demand });
  }
}

function readOf(outcome: Extract<PageOutcome, { readonly kind: 'read' }>): PageRead {
  const { covered, rows, calls, corrections } = outcome;
  return { covered, rows, calls, corrections: corrections.length };
}
