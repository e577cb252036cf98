import type { Clock } from '@candlekeep/clock';
import { PreloadQueue } from '@candlekeep/jobs';
import { type Closable, closeAll } from '@candlekeep/lifecycle';
import type { Pool } from '@candlekeep/postgres';
import { migratePreloads, RunBook } from '@candlekeep/preloader';
import { type RedisConnection, serverTimeMs } from '@candlekeep/redis';
import { migrateStrategies, StrategyBook } from '@candlekeep/strategies';
import type { Logger } from '@candlekeep/telemetry';
import { migrateUsage, UsageBook, UsageRecorder } from '@candlekeep/usage';
import { Strategies } from './strategies/strategies';
import type { MarketDirectory } from './texts/market-directory';
import { CandleUsage } from './usage/candle-usage';
import { LearnedPatterns } from './usage/learned-patterns';
import { QueueTime } from './usage/queue-time';
import { Preloads } from './preloads/preloads';
import { RunEvents } from './preloads/run-events';

export interface ForesightLinks {
  readonly pool: Pool;
  /** `command` connection to the queue server. */
  readonly redis: RedisConnection;
  readonly directory: MarketDirectory;
  readonly clock: Clock;
  readonly log: Logger;
}

/** What a gateway has to do with preloading: it keeps strategies, notes what is asked, and shows what workers make of both. */
export interface Foresight extends Closable {
  readonly strategies: Strategies;
  readonly preloads: Preloads;
  readonly runEvents: RunEvents;
  readonly usage: CandleUsage;
  readonly patterns: LearnedPatterns;
}

/** Brings the tables of strategies, usage and preload runs to the newest version; any number of processes at once. */
export async function migrateForesight(pool: Pool, log: Logger): Promise<void> {
  await migrateStrategies(pool, log);
  await migrateUsage(pool, log);
  await migratePreloads(pool, log);
}

/** Puts the parts together over open connections. `close` tells what was noted last. */
export function openForesight({ pool, redis, directory, clock, log }: ForesightLinks): Foresight {
  const queue = new PreloadQueue({ redis, clock, log });
  const recorder = new UsageRecorder({ redis, clock, log });
  const time = new QueueTime(() => serverTimeMs(redis), clock);
  const runs = new RunBook(pool, clock);
  const strategies = new Strategies({
    ...{ runs, directory, log },
    book: new StrategyBook(pool),
    announce: (runId) => queue.add({ kind: 'run', runId }),
  });
  const runEvents = new RunEvents({ runs, clock, log });
  return {
    ...{ strategies, runEvents },
    preloads: new Preloads({ redis, runs, recorder }),
    usage: new CandleUsage(recorder, time),
    patterns: new LearnedPatterns({ book: new UsageBook(pool), clock }),
    close: () => closeAll([queue, recorder, time, runEvents]),
  };
}
