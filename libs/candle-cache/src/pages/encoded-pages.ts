import type { Clock } from '@candlekeep/clock';
import { seriesName } from '@candlekeep/market';
import { LRUCache } from 'lru-cache';
import type { CandleCache } from '../candle-cache';
import type { AnswerSource, CandleAnswer, CandleQuery } from '../candle-query';
import { type PageStamp, PageValidity } from './page-validity';
import type { WindowChange, WindowChangesAudience } from './window-changes';

/** A body as it goes out, in memory of its own ({@link ownBody}), and its entity tag (RFC 9110, 8.8.3). */
export interface EncodedBody {
  readonly body: Buffer;
  readonly entityTag: string;
}

/** A question, and in which form it is answered. */
export interface PageQuestion {
  readonly query: CandleQuery;
  /** Names the form with all that it depends on: two questions of one series, bound, count and form have one body. */
  readonly form: string;
  readonly encode: (answer: CandleAnswer) => EncodedBody;
}

/** An answer as it goes out. The rest as in {@link CandleAnswer}. */
export interface EncodedAnswer extends EncodedBody, Omit<CandleAnswer, 'rows' | 'source'> {
  readonly source: 'l0' | AnswerSource;
  readonly rowCount: number;
  /** Of these so many, the oldest, are final. */
  readonly finalCount: number;
}

/** A body in memory of its own: a small one shares a slab with others (`Buffer.poolSize`), and would keep all of it. */
export function ownBody(body: Buffer): Buffer {
  if (body.buffer.byteLength === body.length) return body;
  const own = Buffer.allocUnsafeSlow(body.length);
  body.copy(own);
  return own;
}

export interface EncodedPagesParts {
  readonly candles: Pick<CandleCache, 'read'>;
  readonly clock: Clock;
  /** Bodies kept in all, bytes; 0 keeps none. */
  readonly maxBytes: number;
}

/** A page, and when it was so, by this process' monotonic clock. */
interface KeptPage {
  readonly answer: EncodedAnswer;
  readonly stamp: PageStamp;
  /** When its rows were about to be read, ms. */
  readonly beganMs: number;
}

/** A read that is under way. */
interface Flight {
  readonly beganMs: number;
  readonly stamp: PageStamp;
  readonly answer: Promise<EncodedAnswer>;
}

/** A message that was lost for a reason nobody thought of is made good after this, ms. */
const BELIEVED_MS = 30_000;
/** A body beyond this share of the budget would push out too many others. */
const LARGEST_SHARE = 8;
const KEY_BYTES = 1_000;
/** Whoever comes later than this reads for himself, so that nobody's patience is counted from another's beginning, ms. */
const JOIN_WITHIN_MS = 100;
/** Reads that somebody joined and that something newer was told of meanwhile; then he reads for himself. */
const MOST_JOINED = 2;

/**
 * L0: encoded answers in this process' memory. A hit asks nobody and makes no JSON. A page holds until L1 tells of something newer, until
 * its rows are older than a caller takes, or for 30 s. Whoever asks while the same is being read waits for that.
 */
export class EncodedPages implements WindowChangesAudience {
  private readonly validity = new PageValidity();
  private readonly pages: LRUCache<string, KeptPage> | undefined;
  private readonly flights = new Map<string, Flight>();

  constructor(private readonly parts: EncodedPagesParts) {
    const { maxBytes } = parts;
    this.pages =
      maxBytes > 0
        ? new LRUCache({ maxSize: maxBytes, maxEntrySize: Math.ceil(maxBytes / LARGEST_SHARE) })
        : undefined;
  }

  /** Bytes of all pages that are kept, keys included. */
  get bytes(): number {
    return this.pages?.calculatedSize ?? 0;
  }

  /** The answer if it is at hand, and young enough for the caller. */
  find({ query, form }: PageQuestion): EncodedAnswer | undefined {
    const page = this.pages?.get(keyOf(query, form));
    if (page === undefined) return undefined;
    const { answer, stamp, beganMs } = page;
    const isFinal = isAllFinal(answer, query);
    const nowMs = this.parts.clock.monotonicMs();
    if (nowMs - beganMs > BELIEVED_MS || !this.validity.holds(stamp, isFinal)) {
      this.pages?.delete(keyOf(query, form));
      return undefined;
    }
    const sinceMs = nowMs - beganMs;
    // What is final was so then and is so now.
    if (isFinal) return { ...answer, asOfMs: answer.asOfMs + Math.floor(sinceMs) };
    const ageMs = answer.ageMs + Math.ceil(sinceMs);
    // Whoever takes no age at all wants a look at the exchange, even within the same millisecond.
    return ageMs <= query.maxAgeMs && query.maxAgeMs > 0 ? { ...answer, ageMs } : undefined;
  }

  /** A hit, or what the tiers below answer. Rejects as they do. */
  async read(question: PageQuestion): Promise<EncodedAnswer> {
    const arrivedMs = this.parts.clock.monotonicMs();
    const name = keyOf(question.query, question.form) + termsOf(question.query);
    for (let joined = 0; joined < MOST_JOINED; joined += 1) {
      const hit = this.find(question);
      if (hit !== undefined) return hit;
      const flight = this.flights.get(name);
      if (flight === undefined || !this.mayJoin(flight, question, arrivedMs)) break;
      const answer = await flight.answer;
      const holds = this.validity.holds(flight.stamp, isAllFinal(answer, question.query));
      const laterMs = arrivedMs - flight.beganMs;
      if (holds && isYoungEnough(answer, question.query, laterMs)) {
        return { ...answer, collapsed: true };
      }
    }
    return await this.begin(name, question).answer;
  }

  /** What the tiers below answer, kept for the next one. Whoever asks the same meanwhile asks them as well. */
  async load(question: PageQuestion): Promise<EncodedAnswer> {
    const beganMs = this.parts.clock.monotonicMs();
    const { query, form, encode } = question;
    const stamp = this.validity.stamp(query.series.market);
    const { rows, ...rest } = await this.parts.candles.read(query);
    const finalCount = rows.filter(({ openMs }) => openMs < rest.finalUntilMs).length;
    const answer = { ...rest, ...encode({ rows, ...rest }), rowCount: rows.length, finalCount };
    if (answer.staleMs > 0 || !this.validity.holds(stamp, isAllFinal(answer, query))) return answer;
    const kept: EncodedAnswer = { ...answer, source: 'l0', collapsed: false };
    const page = { answer: kept, stamp, beganMs };
    const size = answer.body.length + KEY_BYTES;
    this.pages?.set(keyOf(query, form), page, { size });
    return answer;
  }

  changed(change: WindowChange): void {
    this.validity.heed(change);
  }

  lost(): void {
    this.validity.lose();
    this.pages?.clear();
  }

  back(): void {
    this.validity.hearAgain();
  }

  /** What was told since a read began may be lacking in it; one who takes no age wants a look of his own. */
  private mayJoin({ beganMs, stamp }: Flight, { query }: PageQuestion, arrivedMs: number): boolean {
    const laterMs = arrivedMs - beganMs;
    if (laterMs > JOIN_WITHIN_MS || (laterMs > 0 && query.maxAgeMs === 0)) return false;
    return this.validity.holds(stamp, false);
  }

  private begin(name: string, question: PageQuestion): Flight {
    const beganMs = this.parts.clock.monotonicMs();
    const stamp = this.validity.stamp(question.query.series.market);
    const answer = this.load(question).finally(() => {
      if (this.flights.get(name) === flight) this.flights.delete(name);
    });
    const flight: Flight = { beganMs, stamp, answer };
    if (this.pages !== undefined) this.flights.set(name, flight);
    return flight;
  }
}

/** Whether an answer of somebody who asked `laterMs` before is one for the other too. An older one that both take is. */
function isYoungEnough(answer: EncodedAnswer, query: CandleQuery, laterMs: number): boolean {
  if (answer.staleMs > 0 || isAllFinal(answer, query)) return true;
  return Math.max(0, laterMs) + answer.ageMs <= query.maxAgeMs;
}

/** Whether the answer leans on no sight of the present. One whose rows are all final may: that nothing was traded since is seen, too. */
function isAllFinal({ finalUntilMs }: EncodedAnswer, { beforeMs }: CandleQuery): boolean {
  return finalUntilMs >= beforeMs;
}

function keyOf({ series, beforeMs, count }: CandleQuery, form: string): string {
  return `${seriesName(series)} ${beforeMs} ${count} ${form}`;
}

/** Whoever asks under other terms may get another answer. */
function termsOf({
  maxAgeMs,
  onlyIfCached,
  caller,
  maxStaleMs,
  staleIfErrorMs,
}: CandleQuery): string {
  return ` ${maxAgeMs} ${onlyIfCached} ${caller} ${maxStaleMs} ${staleIfErrorMs}`;
}
