import { createHash } from 'node:crypto';
import { type EncodedBody, ownBody } from '@candlekeep/candle-cache';
import type { Series } from '@candlekeep/market';
import type { CandleColumn } from '../candle-columns';
import type { CandleSlot } from '../candle-slot';

/** What is told of each slot, and how. */
export interface Layout {
  readonly series: Series;
  readonly columns: readonly CandleColumn[];
  /** Amounts as decimal text, or as numbers of the form. */
  readonly numbers: 'text' | 'number';
  /** Whether each slot says that it is empty or not. */
  readonly withEmptyFlag: boolean;
}

/** Fewer than were wanted, and why. */
export interface Shortness {
  readonly wanted: number;
  readonly got: number;
  readonly reason: 'history-begins';
}

/** What is said about an answer as a whole. */
export interface BodyMeta {
  /** The exchange answered so at this moment, epoch ms. */
  readonly asOfMs: number;
  /** So many, the oldest, will not change. */
  readonly finalCount: number;
  readonly short: Shortness | null;
  /** The slowest tier that the slots came from. */
  readonly source: string;
  /** By how much it is older than the caller asked, ms; 0 for a fresh one. */
  readonly staleMs: number;
}

/** Writes one body, front to back. */
export interface BodyWriter {
  /** The next slots, oldest first; with the body's beginning before the first. */
  add(slots: readonly CandleSlot[]): Buffer;
  /** What closes the slots. */
  finish(): Buffer;
  /** What the form says behind them; empty where only headers can. */
  meta(meta: BodyMeta): Buffer;
}

/** A form of bodies. */
export interface BodyForm {
  readonly contentType: string;
  /** Whether all slots are held until the end, so that a long range cannot be told in it. */
  readonly holdsAll: boolean;
  readonly begin: (layout: Layout) => BodyWriter;
}

/** A body in one piece. Its tag is that of the slots: when they were seen, and where, makes no other answer. */
export function wholeBody(
  writer: BodyWriter,
  slots: readonly CandleSlot[],
  meta: BodyMeta,
): EncodedBody {
  const data = Buffer.concat([writer.add(slots), writer.finish()]);
  const hash = createHash('md5').update(data);
  hash.update(JSON.stringify([meta.finalCount, meta.short, meta.staleMs > 0]));
  return {
    body: ownBody(Buffer.concat([data, writer.meta(meta)])),
    entityTag: `W/"0${hash.digest('hex')}"`,
  };
}
