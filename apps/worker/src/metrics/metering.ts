import type { Clock } from '@candlekeep/clock';
import { DayCounts } from '@candlekeep/day-counts';
import type { EndedCall, LimitGroup } from '@candlekeep/exchange-client';
import { type BuildInfo, type Closable } from '@candlekeep/lifecycle';
import { LANES } from '@candlekeep/market';
import type { RedisConnection } from '@candlekeep/redis';
import {
  Count,
  type Logger,
  Metrics,
  type PoolCounts,
  tellPool,
  tellProcessFigures,
} from '@candlekeep/telemetry';

export interface MeteringParts {
  /** `command` connection to the queue server. */
  readonly redis: RedisConnection;
  readonly pool: PoolCounts;
  readonly build: BuildInfo;
  readonly clock: Clock;
  readonly log: Logger;
}

/** What is counted in a worker, and whoever tells it. */
export class Metering implements Closable {
  readonly metrics: Metrics;
  private readonly days: DayCounts;
  private readonly ofDay = new Map<string, Count>();

  constructor(parts: MeteringParts) {
    const { clock, build, pool } = parts;
    this.metrics = new Metrics('worker', clock);
    this.days = new DayCounts(parts);
    tellProcessFigures(this.metrics, build, clock.nowMs());
    tellPool(this.metrics, pool);
  }

  start(): void {
    this.days.start();
  }

  /** One call of the exchange that was sent. */
  called(group: LimitGroup, { outcome, rank, tookMs }: EndedCall): void {
    const lane = LANES[rank] ?? 'other';
    this.metrics.count('exchangeCalls', { group, lane, outcome }).add();
    this.metrics.sizesOf('exchangeDuration', { group }).observe(tookMs / 1_000);
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
