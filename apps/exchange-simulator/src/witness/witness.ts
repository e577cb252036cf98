const SECOND_MS = 1_000;
const MOST_URLS = 10_000;
const OTHER_URLS = '(other)';

/** One call as it arrived; `group` is the limit that it falls under, or `none` for a path without a route. */
export interface Arrival {
  readonly address: string;
  readonly group: string;
  /** Path and query exactly as received. */
  readonly url: string;
  /** On a clock that never goes back. */
  readonly atMs: number;
  readonly isRejected: boolean;
}

/** What has been seen since the start or the last reset. Rejected calls are counted everywhere. */
export interface Testimony {
  readonly total: number;
  readonly byGroup: Readonly<Record<string, number>>;
  /** The first 10,000 different ones; calls of any others are under `(other)`. */
  readonly byUrl: Readonly<Record<string, number>>;
  /** The most arrivals in any sliding second of one group from one address; the largest over all groups. */
  readonly maxPerSecond: number;
  readonly maxPerSecondByGroup: Readonly<Record<string, number>>;
  /** Calls answered with 429. */
  readonly rejected: number;
}

/** Sees every call on the exchange's port and judges nothing: a count of effects for tests. */
export class Witness {
  private readonly groups = new Map<string, number>();
  private readonly urls = new Map<string, number>();
  private readonly maxima = new Map<string, number>();
  private readonly lastSecond = new Map<string, number[]>();
  private rejected = 0;

  see({ address, group, url, atMs, isRejected }: Arrival): void {
    addOne(this.groups, group);
    addOne(this.urls, this.urls.has(url) || this.urls.size < MOST_URLS ? url : OTHER_URLS);
    if (isRejected) this.rejected += 1;
    const key = `${address} ${group}`;
    const recent = (this.lastSecond.get(key) ?? []).filter((seenMs) => atMs - seenMs < SECOND_MS);
    recent.push(atMs);
    this.lastSecond.set(key, recent);
    this.maxima.set(group, Math.max(this.maxima.get(group) ?? 0, recent.length));
  }

  testify(): Testimony {
    return {
      total: [...this.groups.values()].reduce((sum, count) => sum + count, 0),
      byGroup: Object.fromEntries(this.groups),
      byUrl: Object.fromEntries(this.urls),
      maxPerSecond: Math.max(0, ...this.maxima.values()),
      maxPerSecondByGroup: Object.fromEntries(this.maxima),
      rejected: this.rejected,
    };
  }

  /** Forgets all counts. The last second stays in sight, so a burst across the reset is not missed. */
  reset(): void {
    this.groups.clear();
    this.urls.clear();
    this.maxima.clear();
    this.rejected = 0;
  }
}

function addOne(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
