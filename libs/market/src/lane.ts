/** What callers of candles are, the most urgent first. */
export const CALLER_CLASSES = ['bot', 'monitor', 'chart', 'backtest'] as const;

/** Who waits for an answer: a trading bot, somebody who watches, a chart, a backtest. */
export type CallerClass = (typeof CALLER_CLASSES)[number];

/**
 * Whom a call of the exchange is for, the most urgent first: those who wait for an answer, then refreshes of heads, pages brought
 * early, second looks at what is stored, and history. What is above goes first; what is below is not forgotten.
 */
export const LANES = [...CALLER_CLASSES, 'refresh', 'preload', 'reconcile', 'backfill'] as const;

export type Lane = (typeof LANES)[number];

/** 0 for the most urgent lane. */
export function laneRank(lane: Lane): number {
  return LANES.indexOf(lane);
}
