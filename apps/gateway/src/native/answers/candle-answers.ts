import {
  type CandleAnswer,
  type CandleCache,
  type CandleQuery,
  type EncodedBody,
  type EncodedPages,
  LARGEST_QUERY_ROWS,
  LATEST_MS,
  PAGE_ROWS,
  type RangeQuery,
  type RangeReader,
  SETTLE_MS,
} from '@candlekeep/candle-cache';
import type { Clock } from '@candlekeep/clock';
import { BEGINNING_MS } from '@candlekeep/market';
import { type BodyMeta, type Layout, wholeBody } from '../forms/body-form';
import { bodyForms } from '../forms/body-forms';
import type { NativeQuestion, NewestSpan, RangeSpan, Terms } from '../question/native-question';
import type { NativeAnswer, WholeAnswer } from './native-answer';
import { newestSlots, told } from './newest-slots';
import { RangeBody } from './range-body';
import { rangeSlots } from './range-slots';
import { SlotTally } from './slot-tally';

export interface CandleAnswersParts {
  readonly pages: Pick<EncodedPages, 'read'>;
  readonly candles: Pick<CandleCache, 'read'>;
  readonly ranges: Pick<RangeReader, 'read' | 'newest'>;
  readonly clock: Pick<Clock, 'nowMs'>;
}

/** A question of which the span is known. */
type Asked<Span> = Omit<NativeQuestion, 'span'> & { readonly span: Span };

/** Candles in the forms of our own API: what one query holds from the encoded pages, everything longer in portions. */
export class CandleAnswers {
  /** What was said of a body that may be sent again. */
  private readonly metas = new WeakMap<Buffer, BodyMeta>();

  constructor(private readonly parts: CandleAnswersParts) {}

  /** Rejects as the tiers do. `signal` ends what nobody waits for any more. */
  async answer(
    question: NativeQuestion,
    terms: Terms,
    signal?: AbortSignal,
  ): Promise<NativeAnswer> {
    const { span } = question;
    if (span.kind === 'range') return await this.range({ ...question, span }, terms, signal);
    return await this.newest({ ...question, span }, terms, signal);
  }

  /** Answers that are known whole; nobody could read a stream among others. */
  async newest(
    question: Asked<NewestSpan>,
    terms: Terms,
    signal?: AbortSignal,
  ): Promise<WholeAnswer> {
    const { span, series, closed, fill } = question;
    const beforeMs = this.bound(question, span.beforeMs);
    const query = { ...terms, series, beforeMs, count: span.count };
    if (fill !== 'sparse' && span.count > PAGE_ROWS)
      return await this.filled(question, query, signal);
    const answer = await this.page(question, query, signal);
    // By the clock of others the newest slots may not be closed yet.
    if (!closed || answer.isFinal) return answer.told;
    return (await this.page(question, { ...query, beforeMs: answer.finalUntilMs }, signal)).told;
  }

  private async range(
    question: Asked<RangeSpan>,
    terms: Terms,
    signal?: AbortSignal,
  ): Promise<NativeAnswer> {
    const { span, series, closed, fill, format } = question;
    const untilMs = this.bound(question, span.untilMs);
    const query: RangeQuery = { ...terms, series, fromMs: span.fromMs, untilMs, signal };
    const slots = rangeSlots({ query, closed, fill }, this.parts);
    const body = new RangeBody(bodyForms[format], layoutOf(question), this.parts.clock.nowMs());
    return await body.read(slots);
  }

  /** Up to 1,000 candles are a query of their own; more are put together. */
  private async page(question: Asked<NewestSpan>, query: CandleQuery, signal?: AbortSignal) {
    const encode = (answer: CandleAnswer): EncodedBody => this.encode(question, query, answer);
    const read = async () => {
      if (query.count <= LARGEST_QUERY_ROWS) {
        return await this.parts.pages.read({ query, form: formName(question), encode });
      }
      const answer = await this.parts.ranges.newest(query, signal);
      return { ...answer, ...encode(answer) };
    };
    const { finalUntilMs, ...answer } = await read();
    const { contentType } = bodyForms[question.format];
    const { finalCount = 0, short = null } = this.metas.get(answer.body) ?? {};
    const whole: WholeAnswer = { kind: 'whole', ...answer, contentType, finalCount, short };
    return { told: whole, finalUntilMs, isFinal: finalUntilMs >= query.beforeMs };
  }

  private encode(
    question: Asked<NewestSpan>,
    query: CandleQuery,
    answer: CandleAnswer,
  ): EncodedBody {
    const { closed, fill, format } = question;
    const { slots, finalCount, short } = newestSlots({ query, closed, fill }, answer);
    const { asOfMs, source, staleMs } = answer;
    const meta = { asOfMs, finalCount, short, source, staleMs };
    const encoded = wholeBody(bodyForms[format].begin(layoutOf(question)), slots, meta);
    this.metas.set(encoded.body, meta);
    return encoded;
  }

  /** So many slots are a range: on a thin market they hold far fewer candles. One more is read, since a slot may turn meanwhile. */
  private async filled(
    question: Asked<NewestSpan>,
    query: CandleQuery,
    signal?: AbortSignal,
  ): Promise<WholeAnswer> {
    const { series, beforeMs, count } = query;
    const { closed, fill, format } = question;
    // The newest page is needed anyway, and may reach back to the first slot.
    await this.parts.candles.read({ ...query, count: 1 });
    const presentMs = series.timeframe.closeOf(this.parts.clock.nowMs());
    const firstMs = series.timeframe.shift(Math.min(beforeMs, presentMs), -count - 1);
    const fromMs = Math.max(BEGINNING_MS, firstMs);
    const range = { ...query, fromMs, untilMs: beforeMs, signal };
    const tally = new SlotTally(this.parts.clock.nowMs());
    const all = [];
    let finalUntilMs = beforeMs;
    for await (const portion of rangeSlots({ query: range, closed, fill }, this.parts)) {
      tally.add(portion);
      all.push(...portion.slots);
      ({ finalUntilMs } = portion.portion);
    }
    const { slots, finalCount, short } = told(all.slice(-count), count, finalUntilMs);
    const meta = { ...tally.meta(short), finalCount };
    const form = bodyForms[format];
    const encoded = wholeBody(form.begin(layoutOf(question)), slots, meta);
    const { contentType } = form;
    return { kind: 'whole', ...tally.origin, ...encoded, contentType, finalCount, short };
  }

  /** Where a question for closed candles ends at the latest. */
  private bound({ closed, series }: Pick<NativeQuestion, 'closed' | 'series'>, beforeMs: number) {
    if (!closed) return Math.min(beforeMs, LATEST_MS);
    return Math.min(beforeMs, series.timeframe.floor(this.parts.clock.nowMs() - SETTLE_MS));
  }
}

function layoutOf({ series, columns, numbers, fill }: Omit<NativeQuestion, 'span'>): Layout {
  return { series, columns, numbers, withEmptyFlag: fill !== 'sparse' };
}

/** All that a body depends on, beside the query. */
function formName({
  format,
  numbers,
  fill,
  closed,
  columns,
}: Omit<NativeQuestion, 'span'>): string {
  const names = columns.map(({ name }) => name).join(',');
  return `api ${format} ${numbers} ${fill} ${closed ? 'closed' : 'all'} ${names}`;
}
