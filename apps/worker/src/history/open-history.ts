import type { CandleStore } from '@candlekeep/candle-cache';
import { compressOldChunks } from '@candlekeep/candle-store';
import {
  HistoryKeeper,
  oneRoundAtATime,
  Reconciler,
  ReconciliationTotals,
  TaskBook,
  TaskRunner,
} from '@candlekeep/history';
import { HistoryConsumer, type HistoryJob, HistoryQueue, type JobTally } from '@candlekeep/jobs';
import { type Closable, closeAll } from '@candlekeep/lifecycle';
import type { Pool } from '@candlekeep/postgres';
import { type RedisConnection, serverTimeMs } from '@candlekeep/redis';
import type { PageFetcher } from '../page-fetcher';
import type { RevisionNews } from '../revision-news';
import type { WorkerStart } from '../env';
import { FetchedPageReader } from './fetched-page-reader';

export interface HistoryLinks {
  readonly pool: Pool;
  readonly store: CandleStore;
  readonly pages: PageFetcher;
  readonly news: RevisionNews;
  readonly tally: JobTally;
  readonly redis: {
    readonly queue: RedisConnection;
    readonly blocking: RedisConnection;
    readonly cache: RedisConnection;
  };
}

/** The part of a worker that does history work. */
export interface History extends Closable {
  /** Begins to take history jobs, and keeps running tasks in the queue. */
  start(): Promise<void>;
}

/** Puts the parts together; nothing runs before `start`. */
export function openHistory({ log, clock }: WorkerStart, links: HistoryLinks): History {
  const { pool, store, pages, news, tally, redis } = links;
  const book = new TaskBook(pool, clock);
  const reader = new FetchedPageReader(pages);
  const runner = new TaskRunner({ book, store, reader, log });
  const totals = new ReconciliationTotals(pool);
  const nowMs = () => serverTimeMs(redis.cache);
  const reconciler = new Reconciler({ store, reader, totals, nowMs, clock, log });
  const queue = new HistoryQueue({ redis: redis.queue, clock, log });
  const keeper = new HistoryKeeper({ book, queue, clock, log });
  const handle = async (job: HistoryJob, signal: AbortSignal): Promise<void> => {
    switch (job.kind) {
      case 'task':
        await runner.run(job.taskId, signal);
        return;
      case 'reconcile':
        await news.tellAll(signal);
        // A round behind busy backfills may take longer than the minute after which the next one is added.
        await oneRoundAtATime(pool, 'candlekeep:reconcile', () => reconciler.run(signal));
        return;
      case 'compress':
        await compressOldChunks(pool, signal);
    }
  };
  const parts = { redis: redis.blocking, handle, tally, clock, log };
  const consumer = new HistoryConsumer(parts);
  return {
    start: async () => {
      await consumer.start();
      keeper.start();
    },
    close: () => closeAll([queue, consumer, keeper]),
  };
}
