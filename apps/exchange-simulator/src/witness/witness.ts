import type { IncomingHttpHeaders } from 'node:http';
import type { Clock } from '@candlekeep/clock';
import { ArrivalLog, type LoggedArrival } from './arrival-log';
import { violationsOf, type Violation } from './violation';

const SECOND_MS = 1_000;
const MOST_URLS = 10_000;
const OTHER_URLS = '(other)';
const MOST_VIOLATIONS = 1_000;

/** One call as it arrived; `group` is the limit that it falls under, or `none` for a path without a route. */
export interface Arrival {
  readonly address: string;
  readonly group: string;
  /** Path and query exactly as received. */
  readonly url: string;
  /** On a clock that never goes back. */
  readonly atMs: number;
  readonly isRejected: boolean;
  readonly headers: IncomingHttpHeaders;
  /** What was left of a block of this address, ms; undefined for a free one. */
  readonly blockedForMs?: number | undefined;
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
  /** Calls answered with 429 or 418. */
  readonly rejected: number;
  /** What no well-behaved caller does, oldest first; the first 1,000 of `violationCount`. */
  readonly violations: readonly Violation[];
  readonly violationCount: number;
}

/** Sees every call on the exchange's port, counts, and records what no caller should do. It refuses nothing. */
export class Witness {
  private readonly groups = new Map<string, number>();
  private readonly urls = new Map<string, number>();
  private readonly maxima = new Map<string, number>();
  private readonly lastSecond = new Map<string, number[]>();
  private readonly log = new ArrivalLog();
  private violations: Violation[] = [];
  private violationCount = 0;
  private rejected = 0;

  /** `clock` dates arrivals and violations. */
  constructor(private readonly clock: Clock) {}

  see(arrival: Arrival): void {
    const { address, group, url, atMs, isRejected } = arrival;
    addOne(this.groups, group);
    addOne(this.urls, this.urls.has(url) || this.urls.size < MOST_URLS ? url : OTHER_URLS);
    if (isRejected) this.rejected += 1;
    const key = `${address} ${group}`;
    const recent = (this.lastSecond.get(key) ?? []).filter((seenMs) => atMs - seenMs < SECOND_MS);
    recent.push(atMs);
    this.lastSecond.set(key, recent);
    this.maxima.set(group, Math.max(this.maxima.get(group) ?? 0, recent.length));
    const dated = { ...arrival, atMs: this.clock.nowMs() };
    this.log.note(dated);
    this.judge(dated, recent.length);
  }

  testify(): Testimony {
    return {
      total: [...this.groups.values()].reduce((sum, count) => sum + count, 0),
      byGroup: Object.fromEntries(this.groups),
      byUrl: Object.fromEntries(this.urls),
      maxPerSecond: Math.max(0, ...this.maxima.values()),
      maxPerSecondByGroup: Object.fromEntries(this.maxima),
      rejected: this.rejected,
      violations: this.violations,
      violationCount: this.violationCount,
    };
  }

  /** The newest 50,000 arrivals since then, in their order. */
  arrivals(): LoggedArrival[] {
    return this.log.newest();
  }

  /** Forgets all counts, arrivals and violations. The last second stays in sight, so a burst across the reset is not missed. */
  reset(): void {
    this.groups.clear();
    this.urls.clear();
    this.maxima.clear();
    this.log.forget();
    this.violations = [];
    this.violationCount = 0;
    this.rejected = 0;
  }

  private judge(arrival: Arrival, countInSecond: number): void {
    const blockedForMs = arrival.blockedForMs;
    const found = violationsOf({ ...arrival, blockedForMs, countInSecond });
    this.violationCount += found.length;
    this.violations.push(...found.slice(0, MOST_VIOLATIONS - this.violations.length));
  }
}

function addOne(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
