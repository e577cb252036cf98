/** What a caller's `Cache-Control` asks of an answer (RFC 9111, section 5.2.1; RFC 5861, section 4). */
export interface CacheDirectives {
  /** How old the newest row may be, ms. */
  readonly maxAgeMs: number;
  readonly onlyIfCached: boolean;
  /** By how much older it may be and is taken at once, ms. */
  readonly maxStaleMs: number;
  /** By how much older it may be where nothing younger can be had, ms. */
  readonly staleIfErrorMs: number;
}

const DEFAULT_MAX_AGE_MS = 1_000;
/** A larger number means as much (RFC 9111, 1.2.2). */
const LONGEST_SECONDS = 2 ** 31;
/** `max-stale` without a number takes any age; nobody trades by yesterday's price. */
const ANY_STALE_SECONDS = 24 * 3_600;

/**
 * Reads the header; `no-cache` means an age of 0 and nothing stale but after an error, without `max-age` the age is `defaultMaxAgeMs`
 * (1,000). Directives that are unknown or malformed are ignored.
 */
export function parseCacheDirectives(
  header = '',
  defaultMaxAgeMs = DEFAULT_MAX_AGE_MS,
): CacheDirectives {
  const directives = header.split(',').map((directive) => directive.trim().toLowerCase());
  const secondsOf = (name: string): number | undefined => findSeconds(directives, name);
  const isAnyStale = directives.includes('max-stale');
  const maxStale = secondsOf('max-stale') ?? (isAnyStale ? ANY_STALE_SECONDS : 0);
  const mustAsk = directives.includes('no-cache');
  return {
    maxAgeMs: mustAsk ? 0 : msOf(secondsOf('max-age'), defaultMaxAgeMs),
    onlyIfCached: directives.includes('only-if-cached'),
    maxStaleMs: mustAsk ? 0 : msOf(maxStale),
    staleIfErrorMs: msOf(secondsOf('stale-if-error')),
  };
}

/** The number of the first directive of that name that has one. */
function findSeconds(directives: readonly string[], name: string): number | undefined {
  const spelling = new RegExp(`^${name}="?(\\d+)"?$`);
  const [seconds] = directives.flatMap((directive) => spelling.exec(directive)?.[1] ?? []);
  return seconds === undefined ? undefined : Number(seconds);
}

function msOf(seconds: number | undefined, defaultMs = 0): number {
  return seconds === undefined ? defaultMs : Math.min(seconds, LONGEST_SECONDS) * 1_000;
}
