import type { Question } from './question';

/** The slowest tier that an answer needed. */
export type AnswerTier = 'l1' | 'l2' | 'exchange' | 'none';

/** What became of a question. */
export interface Answered {
  readonly question: Question;
  readonly tier: AnswerTier;
  /** From the question to its answer, ms. */
  readonly waitMs: number;
}

/** A question asked early. */
export interface Predicted {
  readonly series: Question['series'];
  readonly beforeMs: number;
  readonly askedMs: number;
  /** As of when it was answered; undefined while it is not, or was not. */
  asOfMs?: number;
}

/** What an answer takes that needs no exchange, ms; not replayed, but taken to be so. */
export const NOMINAL_MS = { l1: 1, l2: 3, exchange: 3, none: 3 } as const satisfies Record<
  AnswerTier,
  number
>;

/** Figures of some answers. */
export interface WaitFigures {
  readonly asked: number;
  /** Share answered from L0 or L1. */
  readonly l1: number;
  /** Of the rest, the share answered from L2. */
  readonly l2OfRest: number;
  readonly meanMs: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
}

export function figuresOf(answers: readonly Answered[]): WaitFigures {
  const waits = answers.map(({ waitMs }) => waitMs).sort((a, b) => a - b);
  const of = (tier: AnswerTier): number => answers.filter((one) => one.tier === tier).length;
  const [asked, l1] = [answers.length, of('l1')];
  const at = (share: number): number => waits[Math.min(asked - 1, Math.floor(asked * share))] ?? 0;
  return {
    asked,
    l1: asked === 0 ? 0 : l1 / asked,
    l2OfRest: asked === l1 ? 1 : of('l2') / (asked - l1),
    meanMs: waits.reduce((sum, ms) => sum + ms, 0) / Math.max(1, asked),
    ...{ p50Ms: at(0.5), p95Ms: at(0.95), p99Ms: at(0.99) },
  };
}
