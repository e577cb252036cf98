import {
  type CandleStore,
  type ExchangePage,
  judgePage,
  LATEST_MS,
  PAGE_ROWS,
  type PageEvidence,
  sightOfNothing,
  type StoredCandles,
} from '@candlekeep/candle-cache';
import { retainedFromMs } from '@candlekeep/candle-store';
import { type MarketCode, type Series, Timeframe } from '@candlekeep/market';
import { ExchangeContradicts } from './exchange-contradicts';

/** Each fits 200 times into one slot of the one before; all months since the exchange opened fit into one page. */
const COARSE_TO_FINE = ['1M', '1d', '15m', '1m'].map((code) => Timeframe.parse(code));

/** Further looks at the exchange, for what one page alone does not prove. */
export interface SecondLook {
  /** Asks for one full page: the newest rows, or those before an instant. */
  page(series: Series, toMs: number | undefined): Promise<ExchangePage>;
  /** Whether the exchange shows a trade of this day: another witness than the candles. */
  hasTraded(market: MarketCode): Promise<boolean>;
}

/**
 * What a page proves, after it was held against what is known. An exchange in trouble has been seen to answer 200 with an empty
 * list; believed once, that would erase a history for good. So a page that denies stored rows is refused, a page that says
 * "nothing is older" counts only when other answers show it, and "there is no candle at all" only when there is no trade either.
 */
export class PageProof {
  constructor(
    private readonly store: CandleStore,
    private readonly look: SecondLook,
  ) {}

  /** Rejects with {@link ExchangeContradicts}; `store` errors pass through. */
  async prove(page: ExchangePage): Promise<PageEvidence> {
    const evidence = judgePage(page);
    const { series, covered } = evidence;
    const beforeMs = saysNothing(evidence) ? LATEST_MS : covered.untilMs;
    const stored = await this.store.read(series, { beforeMs, limit: PAGE_ROWS + 1 });
    refuseDenial(evidence, stored, forgottenBeforeMs(page));
    if (saysNothing(evidence)) await this.refuseIfTraded(series);
    if (!evidence.claimsBeginning) return evidence;
    const oldestMs = page.candles[0]?.openMs;
    const claimed = { fromMs: 0, untilMs: oldestMs ?? covered.untilMs };
    if (stored.coverage.contains(claimed)) return evidence;
    if (oldestMs !== undefined) return await this.lookFurtherBack(evidence, oldestMs);
    if (isBeyondRetention(page)) return evidence;
    return await this.lookForTheFirstCandle(evidence);
  }

  /** A short page with rows: the page before it must be empty. */
  private async lookFurtherBack(evidence: PageEvidence, oldestMs: number): Promise<PageEvidence> {
    const { series } = evidence;
    const before = await this.look.page(series, oldestMs);
    const denied = before.candles.at(-1);
    if (denied !== undefined) throw new ExchangeContradicts(series, denied.openMs);
    return evidence;
  }

  /**
   * An empty page: where the market's history begins is looked up from coarse to fine, so that emptiness is shown by candles
   * that are there. If there are none at all, all there is to say is that there is nothing now.
   */
  private async lookForTheFirstCandle(evidence: PageEvidence): Promise<PageEvidence> {
    const { series, covered } = evidence;
    let toMs: number | undefined;
    for (const timeframe of COARSE_TO_FINE) {
      const page = await this.look.page({ market: series.market, timeframe }, toMs);
      const first = page.candles[0];
      if (first === undefined && toMs === undefined) return await this.sightOfNothing(series);
      if (first === undefined) throw new ExchangeContradicts(series, toMs);
      if (first.openMs >= covered.untilMs) return evidence;
      toMs = timeframe.closeOf(first.openMs);
    }
    throw new ExchangeContradicts(series, toMs);
  }

  private async sightOfNothing(series: Series): Promise<PageEvidence> {
    const { rows } = await this.store.read(series, { beforeMs: LATEST_MS, limit: 1 });
    if (rows.length > 0) throw new ExchangeContradicts(series, undefined);
    await this.refuseIfTraded(series);
    return sightOfNothing(series);
  }

  private async refuseIfTraded(series: Series): Promise<void> {
    if (await this.look.hasTraded(series.market)) throw new ExchangeContradicts(series, undefined);
  }
}

function forgottenBeforeMs({ series, readAt }: ExchangePage): number {
  return retainedFromMs(series.timeframe, readAt.earliestMs);
}

/** Before the retention an empty page is all there is, and nobody can say more. */
function isBeyondRetention(page: ExchangePage): boolean {
  return page.toMs !== undefined && page.toMs <= forgottenBeforeMs(page);
}

/** Every stored row of the range that the page speaks for must be in the page, as far back as the exchange keeps any. */
function refuseDenial(evidence: PageEvidence, stored: StoredCandles, retainedMs: number): void {
  const { series, covered, finals } = evidence;
  const shown = new Set(finals.map(({ openMs }) => openMs));
  const fromMs = Math.max(retainedMs, saysNothing(evidence) ? 0 : covered.fromMs);
  const denied = stored.rows.find(({ openMs }) => openMs >= fromMs && !shown.has(openMs));
  if (denied !== undefined) throw new ExchangeContradicts(series, denied.openMs);
}

/** A newest page without a row: a sight that speaks for all of time. */
function saysNothing({ head }: PageEvidence): boolean {
  return head?.fromMs === 0;
}
