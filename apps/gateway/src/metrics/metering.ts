import type { EncodedPages } from '@candlekeep/candle-cache';
import type { Clock } from '@candlekeep/clock';
import { DayCounts } from '@candlekeep/day-counts';
import type { ReconciliationTotals } from '@candlekeep/history';
import { QueueDepths } from '@candlekeep/jobs';
import { type BuildInfo, type Closable, closeAll } from '@candlekeep/lifecycle';
import type { RedisConnection } from '@candlekeep/redis';
import {
  type Logger,
  Metrics,
  type PoolCounts,
  tellPool,
  tellProcessFigures,
} from '@candlekeep/telemetry';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { ExchangeBudgets } from '../exchange/exchange-budgets';
import { dayFieldsOf, Overview } from '../overview/overview';
import { AnswerTally } from './answer-tally';
import { RequestTally } from './request-tally';
import { tellShared } from './shared-figures';

export interface MeteringParts {
  /** `command` connection to the queue server. */
  readonly redis: RedisConnection;
  readonly budgets: ExchangeBudgets;
  readonly totals: ReconciliationTotals;
  readonly pool: PoolCounts;
  readonly build: BuildInfo;
  readonly clock: Clock;
  readonly log: Logger;
}

/** What is counted in a gateway, and whoever tells it. */
export class Metering implements Closable {
  readonly metrics: Metrics;
  readonly answers: AnswerTally;
  readonly overview: Overview;
  private readonly requests: RequestTally;
  private readonly depths: QueueDepths;
  private readonly days: DayCounts;

  constructor(parts: MeteringParts) {
    const { redis, build, clock } = parts;
    const startedAtMs = clock.nowMs();
    this.metrics = new Metrics('gateway', clock);
    this.answers = new AnswerTally(this.metrics);
    this.requests = new RequestTally(this.metrics, this.answers);
    this.depths = new QueueDepths(parts);
    this.days = new DayCounts(parts);
    for (const [field, count] of dayFieldsOf(this.answers)) this.days.follow(field, count);
    const told = { ...build, startedAtMs };
    this.overview = new Overview({ redis, depths: this.depths, build: told, clock });
    tellProcessFigures(this.metrics, build, startedAtMs);
    tellPool(this.metrics, parts.pool);
    tellShared(this.metrics, { ...parts, depths: this.depths });
  }

  /** Begins to add to the day. */
  start(): void {
    this.days.start();
  }

  /** Counts the replies of the application; before it has routes. */
  attach(app: NestFastifyApplication): void {
    this.requests.attach(app);
  }

  /** Tells how much the pages in memory hold. */
  watch(pages: Pick<EncodedPages, 'bytes'>): void {
    this.metrics.read('l0Bytes', () => [{ labels: {}, value: pages.bytes }]);
  }

  async close(): Promise<void> {
    await closeAll([this.depths, this.days]);
  }
}
