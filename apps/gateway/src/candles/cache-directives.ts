/** What a caller's `Cache-Control` (RFC 9111, section 5.2.1) asks of an answer. */
export interface CacheDirectives {
  /** How old the newest row may be, ms. */
  readonly maxAgeMs: number;
  readonly onlyIfCached: boolean;
}

const DEFAULT_MAX_AGE_MS = 1_000;
const MAX_AGE = /^max-age="?(\d{1,9})"?$/;

/** Reads the header; `no-cache` means an age of 0, directives that are unknown or malformed are ignored. */
export function parseCacheDirectives(header = ''): CacheDirectives {
  const directives = header.split(',').map((directive) => directive.trim().toLowerCase());
  const maxAge = directives
    .map((directive) => MAX_AGE.exec(directive)?.[1])
    .find((seconds) => seconds);
  return {
    maxAgeMs: directives.includes('no-cache') ? 0 : secondsToMs(maxAge),
    onlyIfCached: directives.includes('only-if-cached'),
  };
}

function secondsToMs(seconds: string | undefined): number {
  return seconds === undefined ? DEFAULT_MAX_AGE_MS : Number(seconds) * 1_000;
}
