import {
  CandleCache,
  type CandleWindow,
  EncodedPages,
  FailureLog,
  RedisCandleWindow,
  TextAnswerCache,
  WindowChanges,
} from '@candlekeep/candle-cache';
import { migrateCandleStore, PostgresCandleStore } from '@candlekeep/candle-store';
import { migrateHistory, ReconciliationTotals, TaskBook } from '@candlekeep/history';
import { FetchRequester, HistoryQueue } from '@candlekeep/jobs';
import { type Closable, closeAll, type ReadinessChecks, requireParts } from '@candlekeep/lifecycle';
import { createPool } from '@candlekeep/postgres';
import { RedisConnections, serverTimeMs } from '@candlekeep/redis';
import { background, type Logger } from '@candlekeep/telemetry';
import { Afterwork } from './afterwork';
import { UnderstoodQuestions } from './candles/understood-questions';
import { ExchangeBudgets } from './exchange/exchange-budgets';
import { CandlePurge } from './history/candle-purge';
import { HistoryTasks } from './history/history-tasks';
import { type NativeApi, openNativeApi } from './native/open-native';
import { type Foresight, migrateForesight, openForesight } from './preloads/open-foresight';
import { QueueCandleSource } from '@candlekeep/queue-source';
import type { GatewayStart } from './start-gateway';
import { Streams } from './stream/streams';
import { MarketDirectory } from './texts/market-directory';
import { TextAnswers } from './texts/text-answers';

/** What the gateway's controllers work with, open and ready. */
export interface GatewayParts extends Closable {
  readonly candles: CandleCache;
  readonly pages: EncodedPages;
  readonly native: NativeApi;
  readonly questions: UnderstoodQuestions;
  readonly texts: TextAnswers;
  readonly directory: MarketDirectory;
  readonly window: CandleWindow;
  readonly history: HistoryTasks;
  readonly purge: CandlePurge;
  readonly totals: ReconciliationTotals;
  readonly budgets: ExchangeBudgets;
  readonly foresight: Foresight;
  /** To be closed before the door: its clients would keep that open. */
  readonly streams: Streams;
  readonly log: Logger;
  readonly readiness: ReadinessChecks;
}

/** Opens Redis, Postgres (migrating its schema) and the way to the workers; closes what it opened when one of them fails. */
export async function openGatewayParts(start: GatewayStart): Promise<GatewayParts> {
  const links = openLinks(start);
  try {
    await requireParts(links.readiness, start.clock);
    await migrateCandleStore(links.pool, start.log);
    await migrateHistory(links.pool, start.log);
    await migrateForesight(links.pool, start.log);
    await links.requester.start();
  } catch (error) {
    await links.close();
    throw error;
  }
  const parts = gatewayParts(start, links);
  try {
    await parts.streams.start();
  } catch (error) {
    await parts.close();
    throw error;
  }
  return parts;
}

/** Connections to everything outside the process; they connect in the background. */
function openLinks({ env, log, clock }: GatewayStart) {
  const redis = new RedisConnections('gateway', log);
  const queueRedis = redis.open(env.REDIS_URL, 'command');
  const subscriber = redis.open(env.REDIS_URL, 'subscriber');
  const feedRedis = redis.open(env.REDIS_URL, 'subscriber');
  const cacheUrl = env.REDIS_CACHE_URL ?? env.REDIS_URL;
  const cacheRedis = redis.open(cacheUrl, 'command');
  const changes = new WindowChanges({
    ...{ subscriber: redis.open(cacheUrl, 'subscriber'), clock, log },
  });
  const pool = createPool({
    url: env.DATABASE_URL,
    applicationName: 'candlekeep-gateway',
    onError: (error) => {
      log.warn('an idle Postgres connection broke', { error });
    },
  });
  const requester = new FetchRequester({ redis: queueRedis, subscriber, clock, log });
  const queue = new HistoryQueue({ redis: queueRedis, clock, log });
  const window = new RedisCandleWindow(cacheRedis, clock, { log });
  const close = () =>
    closeAll([redis, { close: () => pool.end() }, window, requester, queue, changes]);
  const readiness = {
    REDIS_URL: () => redis.reach(queueRedis),
    REDIS_CACHE_URL: () => redis.reach(cacheRedis),
    DATABASE_URL: () => pool.query('SELECT 1'),
  };
  return {
    ...{ queueRedis, feedRedis, cacheRedis, pool, requester, queue, window, changes },
    ...{ readiness, close },
  };
}

function gatewayParts(
  { env, log, clock }: GatewayStart,
  links: ReturnType<typeof openLinks>,
): GatewayParts {
  const { pool, requester, queue, window, readiness, close } = links;
  const store = new PostgresCandleStore(pool);
  const source = new QueueCandleSource(requester);
  const cache = new TextAnswerCache(links.cacheRedis);
  const failures = new FailureLog({ clock, log });
  const texts = new TextAnswers({ cache, requester, clock, failures });
  const directory = new MarketDirectory({ answers: texts, cache, clock, failures, log });
  directory.start();
  const book = new TaskBook(pool, clock);
  const nowMs = () => serverTimeMs(links.cacheRedis);
  const afterwork = new Afterwork();
  const candles = new CandleCache({
    ...{ window, store, source, clock, log },
    afterwards: (work) => {
      afterwork.take(work);
    },
  });
  const pages = new EncodedPages({ candles, clock, maxBytes: env.L0_MAX_BYTES });
  // Nothing waits for it: until it hears, a gateway answers without pages of its own.
  background(log, 'hearing the changes of L1', links.changes.start(pages));
  const foresight = openForesight({ pool, redis: links.queueRedis, directory, clock, log });
  const streams = new Streams({
    ...{ redis: links.queueRedis, subscriber: links.feedRedis, candles, directory },
    ...{ origins: env.CORS_ORIGINS, clock, log },
  });
  return {
    ...{ candles, pages, texts, directory, streams, foresight, window, log, readiness },
    questions: new UnderstoodQuestions(),
    native: openNativeApi({
      ...{ candles, pages, store, directory, usage: foresight.usage, clock, log },
    }),
    history: new HistoryTasks({ book, queue, directory, nowMs, log }),
    purge: new CandlePurge({ store, window, log }),
    totals: new ReconciliationTotals(pool),
    budgets: new ExchangeBudgets(links.queueRedis),
    close: () => closeAll([{ close }, afterwork, foresight, directory, streams]),
  };
}
