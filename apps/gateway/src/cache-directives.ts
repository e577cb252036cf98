/** What a caller's `Cache-Control` (RFC 9111, section 5.2.1) asks of an answer. */
export interface CacheDirectives {
  /** How old the newest row may be, ms. */
  readonly maxAgeMs: number;
  readonly onlyIfCached: boolean;
}

const DEFAULT_MAX_AGE_MS = 1_000;
const MAX_AGE = /^max-age="?(\d+)"?$/;
/** A larger number means as much (RFC 9111, 1.2.2). */
const LONGEST_SECONDS = 2 ** 31;

/**
 * Reads the header; `no-cache` means an age of 0, without `max-age` the age is `defaultMaxAgeMs` (1,000). Directives that are
 * unknown or malformed are ignored.
 */
export function parseCacheDirectives(
  header = '',
  defaultMaxAgeMs = DEFAULT_MAX_AGE_MS,
): CacheDirectives {
  const directives = header.split(',').map((directive) => directive.trim().toLowerCase());
  const maxAge = directives
    .map((directive) => MAX_AGE.exec(directive)?.[1])
    .find((seconds) => seconds);
  return {
    maxAgeMs: directives.includes('no-cache') ? 0 : secondsToMs(maxAge, defaultMaxAgeMs),
    onlyIfCached: directives.includes('only-if-cached'),
  };
}

function secondsToMs(seconds: string | undefined, defaultMs: number): number {
  return seconds === undefined ? defaultMs : Math.min(Number(seconds), LONGEST_SECONDS) * 1_000;
}
