import type { EncodedAnswer } from '@candlekeep/candle-cache';

/** Where an answer came from, and how it stands to what was asked. */
export interface AnswerOrigin {
  readonly source: EncodedAnswer['source'];
  /** The load that was waited for had been asked by somebody else already. */
  readonly collapsed: boolean;
  /** By how much it is older than it should be, ms; 0 for a fresh one. */
  readonly staleMs: number;
  /** It is stale because nothing younger could be had, in time or at all. */
  readonly insteadOfError: boolean;
}

/**
 * Parameters of `Cache-Status` (RFC 9211): `hit; detail=l1`, `hit; ttl=-5; detail=l1`, `fwd=miss; collapsed; detail=exchange`,
 * `fwd=stale; ttl=-5; detail=l1`.
 */
export function cacheStatusOf({
  source,
  collapsed,
  staleMs,
  insteadOfError,
}: AnswerOrigin): string {
  const forward = forwardOf(source, insteadOfError);
  return [
    forward ?? 'hit',
    ...(forward !== undefined && collapsed ? ['collapsed'] : []),
    ...(staleMs > 0 ? [`ttl=-${Math.ceil(staleMs / 1_000)}`] : []),
    `detail=${source}`,
  ].join('; ');
}

function forwardOf(source: AnswerOrigin['source'], insteadOfError: boolean): string | undefined {
  if (insteadOfError) return 'fwd=stale';
  return source === 'exchange' ? 'fwd=miss' : undefined;
}
