import type { Clock } from '@candlekeep/clock';
import { DayCounts } from '@candlekeep/day-counts';
import { byLimitGroup, type EndedCall, type LimitGroup } from '@candlekeep/exchange-client';
import { type BuildInfo, type Closable } from '@candlekeep/lifecycle';
import { LANES } from '@candlekeep/market';
import type { RedisConnection } from '@candlekeep/redis';
import {
  Count,
  type Logger,
  type Metrics,
  openMetrics,
  type PoolCounts,
  type RedisCounts,
} from '@candlekeep/telemetry';
import { WorkTally } from './work-tally';

export interface MeteringParts {
  /** `command` connection to the queue server. */
  readonly redis: RedisConnection;
  readonly connections: RedisCounts;
  readonly pool: PoolCounts;
  readonly build: BuildInfo;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Alerts look at how these grow, so they are told before there is one. */
const REFUSALS = ['rate-limited', 'banned'] as const;
const MS_PER_SECOND = 1_000;

/** What is counted in a worker, and whoever tells it. */
export class Metering implements Closable {
  readonly metrics: Metrics;
  readonly work: WorkTally;
  private readonly days: DayCounts;
  private readonly ofDay = new Map<string, Count>();

  constructor(parts: MeteringParts) {
    this.metrics = openMetrics('worker', { ...parts, startedAtMs: parts.clock.nowMs() });
    this.work = new WorkTally(this.metrics);
    this.days = new DayCounts(parts);
    byLimitGroup((group) => {
      for (const lane of LANES)
        for (const outcome of REFUSALS)
          this.metrics.count('exchangeCalls', { group, lane, outcome });
    });
  }

  start(): void {
    this.days.start();
  }

  /** One call of the exchange that was sent. */
  called(group: LimitGroup, { outcome, rank, tookMs }: EndedCall): void {
    const lane = LANES[rank] ?? 'other';
    this.metrics.count('exchangeCalls', { group, lane, outcome }).add();
    this.metrics.sizesOf('exchangeDuration', { group }).observe(tookMs / MS_PER_SECOND);
    this.dayCount(`calls:lane:${lane}`).add();
    this.dayCount(`calls:outcome:${outcome}`).add();
  }

  async close(): Promise<void> {
    await this.days.close();
  }

  private dayCount(field: string): Count {
    const known = this.ofDay.get(field);
    if (known !== undefined) return known;
    const count = new Count();
    this.ofDay.set(field, count);
    this.days.follow(field, count);
    return count;
  }
}
