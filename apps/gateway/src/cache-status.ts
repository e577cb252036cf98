import type { AnswerSource } from '@candlekeep/candle-cache';

/** Where an answer came from. */
export interface AnswerOrigin {
  readonly source: AnswerSource;
  /** The load that was waited for had been asked by somebody else already. */
  readonly collapsed: boolean;
}

/** Parameters of `Cache-Status` (RFC 9211): `hit; detail=l1`, `hit; detail=fold`, `fwd=miss; collapsed; detail=exchange`. */
export function cacheStatusOf({ source, collapsed }: AnswerOrigin): string {
  if (source !== 'exchange') return `hit; detail=${source}`;
  return `fwd=miss; ${collapsed ? 'collapsed; ' : ''}detail=exchange`;
}
