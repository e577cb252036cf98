import { hostname } from 'node:os';
import type { CandleStore, CandleWindow } from '@candlekeep/candle-cache';
import { FetchRequester, type JobTally, PreloadConsumer, PreloadQueue } from '@candlekeep/jobs';
import { Lease } from '@candlekeep/lease';
import { type Closable, closeAll } from '@candlekeep/lifecycle';
import type { Pool } from '@candlekeep/postgres';
import {
  ActiveNeedsReader,
  PreloadBudget,
  type PreloadPlan,
  PreloadOwner,
  Rounds,
  RunBook,
  RunRunner,
  Warmer,
  writePlan,
} from '@candlekeep/preloader';
import { QueueCandleSource } from '@candlekeep/queue-source';
import { type RedisConnection, ServerClock, serverTimeMs } from '@candlekeep/redis';
import { StrategyBook } from '@candlekeep/strategies';
import { background, type Tracing } from '@candlekeep/telemetry';
import { UsageBook, UsageReader } from '@candlekeep/usage';
import type { WorkerStart } from '../env';
import { PreloadJobs } from './preload-jobs';

export interface PreloadingLinks {
  readonly pool: Pool;
  readonly store: CandleStore;
  readonly window: CandleWindow;
  readonly tally: JobTally;
  readonly tracing: Pick<Tracing, 'jobs'>;
  readonly redis: {
    readonly queue: RedisConnection;
    readonly blocking: RedisConnection;
    readonly subscriber: RedisConnection;
    readonly cache: RedisConnection;
  };
}

/** The part of a worker that preloads: it takes preload jobs, and asks for the lease under which one worker says what they are. */
export interface Preloading extends Closable {
  start(): Promise<void>;
}

/** Puts the parts together; nothing runs before `start`. */
export function openPreloading(start: WorkerStart, links: PreloadingLinks): Preloading {
  const { clock, log } = start;
  const { redis } = links;
  const shared = openShared(start, links);
  const requester = new FetchRequester({
    ...{ redis: redis.queue, subscriber: redis.subscriber, clock, log },
    ...links.tracing.jobs,
  });
  const consumer = new PreloadConsumer({
    ...{ redis: redis.blocking, tally: links.tally, clock, log },
    handle: openHandle(start, links, { ...shared, requester }),
  });
  const stop = new AbortController();
  let holding: Promise<void> = Promise.resolve();
  const ended = async (): Promise<void> => {
    stop.abort();
    await holding.catch(() => undefined);
  };
  return {
    start: async () => {
      await requester.start();
      await consumer.start();
      holding = hold(start, links, { ...shared, signal: stop.signal });
      background(log, 'holding the lease of preloading', holding);
    },
    close: () => closeAll([shared.queue, requester, consumer, { close: ended }]),
  };
}

const UNREADABLE =
  'an active strategy is not preloaded for: this version does not take its document; ' +
  'bring this worker to the version that took it, or put the strategy anew';

function openShared({ env, clock, log }: WorkerStart, { pool, redis }: PreloadingLinks) {
  return {
    queue: new PreloadQueue({ redis: redis.queue, clock, log }),
    budget: new PreloadBudget({ redis: redis.queue, perHour: env.PRELOAD_CALLS_PER_HOUR }),
    strategies: new StrategyBook(pool, {
      onUnreadable: (strategyId, { problems }) => {
        log.warn(UNREADABLE, { strategyId, problems });
      },
    }),
    runs: new RunBook(pool, clock),
    usage: new UsageBook(pool, {
      onUnreadable: (error) => {
        log.warn('the place up to which usage was learned is lost', { error });
      },
    }),
  };
}

type Shared = ReturnType<typeof openShared>;

/** The working side. */
function openHandle(
  { clock, log }: WorkerStart,
  { store, window, redis }: PreloadingLinks,
  { budget, strategies, runs, usage, requester }: Shared & { readonly requester: FetchRequester },
) {
  const nowMs = () => serverTimeMs(redis.queue);
  const source = new QueueCandleSource(requester);
  const warmer = new Warmer({ window, store, source, budget, nowMs, clock, log });
  const jobs = new PreloadJobs({
    ...{ warmer, nowMs },
    runner: new RunRunner({ book: runs, strategies, warmer, log }),
    rounds: new Rounds({
      needs: new ActiveNeedsReader(strategies),
      usage,
      runs,
      warmer,
      nowMs,
      clock,
    }),
  });
  return (...[job, signal, work]: Parameters<PreloadHandle>) =>
    jobs.run(job, signal, (done, total) => work.progress(done, total));
}

type PreloadHandle = ConstructorParameters<typeof PreloadConsumer>[0]['handle'];

/** The saying side: of one worker at a time. */
async function hold(
  { clock, log }: WorkerStart,
  { window, redis }: PreloadingLinks,
  { queue, budget, strategies, runs, usage, signal }: Shared & { readonly signal: AbortSignal },
): Promise<void> {
  const lease = new Lease({ redis: redis.queue, name: 'preloader', clock, log });
  const parts = {
    ...{
      name: `${hostname()}:${process.pid}`,
      queue,
      budget,
      runs,
      usage,
      window,
      clock,
      log,
    },
    tell: (plan: PreloadPlan) => writePlan(redis.queue, plan),
    reader: new UsageReader({ redis: redis.queue, log }),
    needs: new ActiveNeedsReader(strategies),
    queueClock: new ServerClock(() => serverTimeMs(redis.queue), clock),
    cacheClock: new ServerClock(() => serverTimeMs(redis.cache), clock),
  };
  await lease.hold(signal, async (term) => {
    await new PreloadOwner(parts, term).own();
  });
}
