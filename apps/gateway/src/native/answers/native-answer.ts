import type { EncodedAnswer } from '@candlekeep/candle-cache';
import type { CountedAnswer } from '../../metrics/answer-tally';
import type { Shortness } from '../forms/body-form';

/** An answer that is known whole before it is sent. */
export interface WholeAnswer extends Omit<EncodedAnswer, 'rowCount' | 'finalUntilMs'> {
  readonly kind: 'whole';
  readonly contentType: string;
  readonly short: Shortness | null;
}

/** An answer that is sent while it is read. */
export interface StreamedAnswer {
  readonly kind: 'streamed';
  readonly contentType: string;
  /** An error in the middle rejects; the body is then not whole. */
  readonly chunks: AsyncIterable<Buffer>;
  /** Gives it up, also before the first chunk was read: nothing is read on for it. */
  readonly end: () => void;
  /** What was given so far: of what kind, and how many candles that will not change. */
  readonly given: () => readonly [answer: CountedAnswer, candles: number];
}

export type NativeAnswer = WholeAnswer | StreamedAnswer;
