import { type Candle, isEmptyRange, type Series, type TimeRange } from '@candlekeep/market';
import { NothingShown, NotSettled } from './history-errors';

/** The 200 slots that end at `untilMs`, or more where few of them were traded. */
export interface PageQuestion {
  readonly series: Series;
  /** An open of the timeframe, epoch ms. */
  readonly untilMs: number;
}

/** What a native page showed; it is in the tiers by now. */
export interface PageRead {
  /** Opens of which every existing candle is in `rows`. `fromMs` 0: there is nothing older. */
  readonly covered: TimeRange;
  /** Final rows, oldest first. */
  readonly rows: readonly Candle[];
  /** Calls of the exchange that it cost. */
  readonly calls: number;
  /** Stored rows that it replaced because they differed. */
  readonly corrections: number;
}

/**
 * The exchange's own pages, one at a time. The law: what it resolves with is stored; a page that denies stored candles is refused
 * (`EXCHANGE_CONTRADICTS`) and changes nothing; it waits its turn behind whoever reads now.
 */
export abstract class PageReader {
  /** Asks the exchange even when all of the page is known: to hold what is stored against it. */
  abstract readPage(question: PageQuestion, signal: AbortSignal): Promise<PageRead>;

  /**
   * Asks only if the newest slot of the page is still unknown when its turn has come; otherwise resolves with undefined, at no
   * call: somebody else brought it while this one waited.
   */
  abstract readUnknownPage(
    question: PageQuestion,
    signal: AbortSignal,
  ): Promise<PageRead | undefined>;
}

/** Throws unless the page speaks for all that it was asked for: a step that trusted less would count what nobody has seen. */
export function assertSpeaksForAll({ series, untilMs }: PageQuestion, { covered }: PageRead): void {
  if (isEmptyRange(covered)) throw new NothingShown(series, untilMs);
  if (covered.untilMs < untilMs) throw new NotSettled(series, untilMs);
}
