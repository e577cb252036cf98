import type { EncodedPages } from '@candlekeep/candle-cache';
import type { Clock } from '@candlekeep/clock';
import { DayCounts } from '@candlekeep/day-counts';
import type { ReconciliationTotals } from '@candlekeep/history';
import { type AllQueues, QueueDepths } from '@candlekeep/jobs';
import { type BuildInfo, type Closable } from '@candlekeep/lifecycle';
import type { RedisConnection } from '@candlekeep/redis';
import {
  type Logger,
  type Metrics,
  openMetrics,
  type PoolCounts,
  type RedisCounts,
} from '@candlekeep/telemetry';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { ExchangeBudgets } from '../exchange/exchange-budgets';
import { dayFieldsOf, Overview } from '../overview/overview';
import type { Streams } from '../stream/streams';
import { AnswerTally } from './answer-tally';
import { RequestTally } from './request-tally';
import { tellShared } from './shared-figures';

export interface MeteringParts {
  /** `command` connection to the queue server. */
  readonly redis: RedisConnection;
  readonly connections: RedisCounts;
  readonly queues: Pick<AllQueues, 'list'>;
  readonly budgets: ExchangeBudgets;
  readonly totals: ReconciliationTotals;
  readonly pool: PoolCounts;
  readonly build: BuildInfo;
  readonly clock: Clock;
  readonly log: Logger;
}

/** What a gateway holds in its memory, and for whom. */
export interface Watched {
  readonly pages: Pick<EncodedPages, 'bytes'>;
  readonly streams: {
    readonly server: Pick<Streams['server'], 'connectionCount' | 'waitingFrames'>;
    readonly events: Pick<Streams['events'], 'streamCount'>;
  };
}

/** What is counted in a gateway, and whoever tells it. */
export class Metering implements Closable {
  readonly metrics: Metrics;
  readonly answers: AnswerTally;
  readonly overview: Overview;
  private readonly requests: RequestTally;
  private readonly days: DayCounts;

  constructor(parts: MeteringParts) {
    const { redis, build, clock } = parts;
    const startedAtMs = clock.nowMs();
    this.metrics = openMetrics('gateway', { ...parts, startedAtMs });
    this.answers = new AnswerTally(this.metrics);
    this.requests = new RequestTally(this.metrics, this.answers);
    const depths = new QueueDepths(parts.queues);
    this.days = new DayCounts(parts);
    for (const [field, count] of dayFieldsOf(this.answers)) this.days.follow(field, count);
    const told = { ...build, startedAtMs };
    this.overview = new Overview({ redis, depths, build: told, clock });
    tellShared(this.metrics, { ...parts, depths });
  }

  /** Begins to add to the day. */
  start(): void {
    this.days.start();
  }

  /** Counts the replies of the application; before it has routes. */
  attach(app: NestFastifyApplication): void {
    this.requests.attach(app);
  }

  /** Tells how much the pages in memory hold, and who follows. */
  watch({ pages, streams }: Watched): void {
    const { server, events } = streams;
    this.metrics.read('l0Bytes', () => [{ labels: {}, value: pages.bytes }]);
    this.metrics.read('streamClients', () => [
      { labels: { kind: 'websocket' }, value: server.connectionCount },
      { labels: { kind: 'events' }, value: events.streamCount },
    ]);
    this.metrics.read('streamFramesWaiting', () => [{ labels: {}, value: server.waitingFrames }]);
  }

  async close(): Promise<void> {
    await this.days.close();
  }
}
