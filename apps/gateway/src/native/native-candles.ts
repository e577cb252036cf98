import { LATEST_MS, PAGE_ROWS } from '@candlekeep/candle-cache';
import { CandlekeepError, slotsWithin } from '@candlekeep/market';
import { badRequest } from '../api/api-refusal';
import type { MarketDirectory } from '../texts/market-directory';
import type { CandleUsage } from '../usage/candle-usage';
import { requireAffordable } from './affordable';
import type { CandleAnswers } from './answers/candle-answers';
import type { NativeAnswer, WholeAnswer } from './answers/native-answer';
import type { Asker } from './asker';
import { bodyForms } from './forms/body-forms';
import type { NativeQuestion, NewestSpan } from './question/native-question';
import { unlistedMarket } from './unlisted-market';

/** Lists behind one another hold everything until the end and are printed in one go, 0.3 s for so many slots, while all others wait. */
const MOST_HELD_SLOTS = 50_000;

/** The exchange opened later: no candle is older. */
const FIRST_CANDLES_MS = Date.UTC(2017, 0);

export interface NativeCandlesParts {
  readonly answers: Pick<CandleAnswers, 'answer' | 'newest'>;
  readonly directory: Pick<MarketDirectory, 'mayExist' | 'heedUnknown'>;
  readonly usage: Pick<CandleUsage, 'note'>;
  readonly nowMs: () => number;
}

/** Candle questions of our own API: of a market that exists, noted, then answered. */
export class NativeCandles {
  constructor(private readonly parts: NativeCandlesParts) {}

  /** Throws an `ApiRefusal` for a market that is not listed or a range that is too long for its form or its key; rejects as the tiers do. */
  async answer(
    question: NativeQuestion,
    asker: Asker,
    signal?: AbortSignal,
  ): Promise<NativeAnswer> {
    this.refuseTooLong(question);
    return await this.ofListed(question, asker, () =>
      this.parts.answers.answer(question, asker.terms, signal),
    );
  }

  /** The same for the newest, which are always whole. */
  async newest(
    question: NativeQuestion & { readonly span: NewestSpan },
    asker: Asker,
    signal?: AbortSignal,
  ): Promise<WholeAnswer> {
    return await this.ofListed(question, asker, () =>
      this.parts.answers.newest(question, asker.terms, signal),
    );
  }

  private async ofListed<Answer>(
    question: NativeQuestion,
    asker: Asker,
    answer: () => Promise<Answer>,
  ): Promise<Answer> {
    const { directory } = this.parts;
    const { market } = question.series;
    this.refuseTooDear(question, asker);
    if (!(await directory.mayExist(market, asker.terms.caller))) throw unlistedMarket(market);
    this.note(question, asker);
    try {
      return await answer();
    } catch (error) {
      if (!(error instanceof CandlekeepError) || error.code !== 'UNKNOWN_MARKET') throw error;
      directory.heedUnknown(market);
      throw unlistedMarket(market);
    }
  }

  /** Habits are learned of pages: what is longer counts as one. */
  private note({ series, span }: NativeQuestion, { name, terms }: Asker): void {
    const beforeMs = span.kind === 'newest' ? span.beforeMs : span.untilMs;
    const asked =
      span.kind === 'newest' ? span.count : this.slotsUntilNow({ series, ...span }, PAGE_ROWS);
    const count = Math.max(1, Math.min(asked, PAGE_ROWS));
    this.parts.usage.note(name, { ...terms, series, beforeMs, count });
  }

  private refuseTooLong({ series, span, format }: NativeQuestion): void {
    if (span.kind !== 'range' || !bodyForms[format].holdsAll) return;
    const slots = this.slotsUntilNow({ series, ...span });
    if (slots <= MOST_HELD_SLOTS) return;
    const most = MOST_HELD_SLOTS.toLocaleString('en');
    const expected = `expected rows, csv or arrow for a range of ${slots} slots; ${format} are held whole and take ${most} at most`;
    throw badRequest([{ field: 'format', expected }]);
  }

  private refuseTooDear({ series, span }: NativeQuestion, asker: Asker): void {
    if (asker.mostRows === undefined) return;
    if (span.kind === 'newest') {
      requireAffordable(span.count, 'count', asker);
      return;
    }
    const fromMs = Math.max(span.fromMs, FIRST_CANDLES_MS);
    requireAffordable(this.slotsUntilNow({ series, ...span, fromMs }), 'from', asker);
  }

  private slotsUntilNow(
    {
      series,
      fromMs,
      untilMs,
    }: Pick<NativeQuestion, 'series'> & {
      readonly fromMs: number;
      readonly untilMs: number;
    },
    atMost = Infinity,
  ): number {
    const { timeframe } = series;
    const presentMs = timeframe.closeOf(this.parts.nowMs());
    const range = { fromMs, untilMs: untilMs >= LATEST_MS ? presentMs : untilMs };
    return Math.min(atMost, slotsWithin(timeframe, range));
  }
}
