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
import { AllQueues, FetchRequester, HistoryQueue } from '@candlekeep/jobs';
import {
  type Closable,
  closeAll,
  readBuild,
  type ReadinessChecks,
  requireParts,
} from '@candlekeep/lifecycle';
import { LogLevels } from '@candlekeep/log-levels';
import { createPool } from '@candlekeep/postgres';
import { RedisConnections, serverTimeMs } from '@candlekeep/redis';
import { background, type Logger, Tracing } from '@candlekeep/telemetry';
import { version } from '../../../package.json';
import { Access } from './access';
import { Admin } from './admin/admin';
import { Afterwork } from './afterwork';
import { UnderstoodQuestions } from './candles/understood-questions';
import { ExchangeBudgets } from './exchange/exchange-budgets';
import { CandlePurge } from './history/candle-purge';
import { HistoryTasks } from './history/history-tasks';
import { Metering, type Watched } from './metrics/metering';
import { type NativeApi, openNativeApi } from './native/open-native';
import { type Foresight, migrateForesight, openForesight } from './open-foresight';
import { QueueCandleSource } from '@candlekeep/queue-source';
import type { GatewayStart } from './env';
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
  readonly access: Access;
  readonly levels: LogLevels;
  readonly admin: Admin;
  readonly metering: Metering;
  /** To be closed before the door: its clients would keep that open. */
  readonly streams: Streams;
  readonly tracing: Tracing;
  readonly log: Logger;
  readonly readiness: ReadinessChecks;
}

/** Opens Redis, Postgres (migrating its schema) and the way to the workers; closes what it opened when one of them fails. */
export async function openGatewayParts(start: GatewayStart): Promise<GatewayParts> {
  const { env: settings, clock, log } = start;
  const tracing = await Tracing.open({ settings, version, clock, log });
  const links = openLinks(start, tracing);
  const opened: Closable[] = [links];
  let parts: GatewayParts;
  try {
    await requireParts(links.readiness, start);
    start.phase.enter('migrating');
    await migrateCandleStore(links.pool, start.log);
    await migrateHistory(links.pool, start.log);
    await migrateForesight(links.pool, start.log);
    start.phase.enter('warming');
    const access = await openAccess(start, links);
    opened.push(access);
    await links.requester.start();
    parts = gatewayParts(start, { ...links, access });
  } catch (error) {
    await closeAll(opened);
    throw error;
  }
  try {
    await parts.streams.start();
  } catch (error) {
    await parts.close();
    throw error;
  }
  return parts;
}

async function openAccess({ env, clock, log }: GatewayStart, links: Links): Promise<Access> {
  const { pool, queueRedis: redis } = links;
  return await Access.open({ env, pool, redis, clock, log });
}

/** Connections to everything outside the process; they connect in the background. */
function openLinks({ env, log, clock }: GatewayStart, tracing: Tracing) {
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
  const asked = { redis: queueRedis, subscriber, clock, log, ...tracing.jobs };
  const requester = new FetchRequester(asked);
  const queue = new HistoryQueue({ redis: queueRedis, clock, log });
  const window = new RedisCandleWindow(cacheRedis, clock, { log });
  const close = () =>
    closeAll([tracing, redis, { close: () => pool.end() }, window, requester, queue, changes]);
  const readiness = {
    REDIS_URL: () => redis.reach(queueRedis),
    REDIS_CACHE_URL: () => redis.reach(cacheRedis),
    DATABASE_URL: () => pool.query('SELECT 1'),
  };
  return {
    ...{ redis, queueRedis, feedRedis, cacheRedis, pool, requester, queue, window, changes },
    ...{ readiness, tracing, close },
  };
}

type Links = ReturnType<typeof openLinks>;

function openLevels(
  { env, clock, log }: Pick<GatewayStart, 'env' | 'log' | 'clock'>,
  { queueRedis: redis }: Links,
): LogLevels {
  const own = env.LOG_LEVEL;
  const levels = new LogLevels({ redis, clock, log, process: 'gateway', own });
  levels.start();
  return levels;
}

/** The candles, and the pages of them that are at hand. */
function openCandles(
  { env, log, clock }: Pick<GatewayStart, 'env' | 'log' | 'clock'>,
  { window, requester, changes }: Links,
  { store, afterwork }: { readonly store: PostgresCandleStore; readonly afterwork: Afterwork },
) {
  const source = new QueueCandleSource(requester);
  const candles = new CandleCache({
    ...{ window, store, source, clock, log },
    afterwards: (work) => {
      afterwork.take(work);
    },
  });
  const pages = new EncodedPages({ candles, clock, maxBytes: env.L0_MAX_BYTES });
  // Nothing waits for it: until it hears, a gateway answers without pages of its own.
  background(log, 'hearing the changes of L1', changes.start(pages));
  return { candles, pages };
}

/** What is counted, and what is read to be told. */
function openMetering(
  { env, log, clock }: Pick<GatewayStart, 'env' | 'log' | 'clock'>,
  { pool, redis: connections, queueRedis: redis }: Links,
  watched: Watched,
) {
  const queues = new AllQueues({ redis, log });
  const totals = new ReconciliationTotals(pool);
  const budgets = new ExchangeBudgets(redis);
  const build = readBuild(env.BUILD_COMMIT);
  const shared = { queues, budgets, totals };
  const metering = new Metering({ ...shared, redis, connections, pool, build, clock, log });
  metering.watch(watched);
  metering.start();
  return { queues, totals, budgets, metering };
}

function gatewayParts(
  { env, log, clock }: GatewayStart,
  links: Links & { readonly access: Access },
): GatewayParts {
  const { access, pool, requester, queue, window, readiness, close } = links;
  const store = new PostgresCandleStore(pool);
  const cache = new TextAnswerCache(links.cacheRedis);
  const failures = new FailureLog({ clock, log });
  const texts = new TextAnswers({ cache, requester, clock, failures });
  const directory = new MarketDirectory({ answers: texts, cache, clock, failures, log });
  directory.start();
  const onUnreadable = (error: unknown): void => {
    log.warn('a history task is left out of a list', { error });
  };
  const book = new TaskBook(pool, clock, { onUnreadable });
  const nowMs = () => serverTimeMs(links.cacheRedis);
  const afterwork = new Afterwork();
  const { candles, pages } = openCandles({ env, log, clock }, links, { store, afterwork });
  const foresight = openForesight({ pool, redis: links.queueRedis, directory, clock, log });
  const streams = new Streams({
    ...{ redis: links.queueRedis, subscriber: links.feedRedis, candles, directory },
    ...{ origins: env.CORS_ORIGINS, clock, log },
    admit: (request) => access.upgrades.admit(request),
  });
  const levels = openLevels({ env, clock, log }, links);
  const { queues, totals, budgets, metering } = openMetering({ env, log, clock }, links, {
    pages,
    streams,
  });
  return {
    ...{ access, levels, metering, totals, budgets, candles, pages, texts, directory },
    ...{ admin: new Admin(queues), streams, foresight, window, log, readiness },
    tracing: links.tracing,
    questions: new UnderstoodQuestions(),
    native: openNativeApi({
      ...{ candles, pages, store, directory, usage: foresight.usage, clock, log },
      tally: metering.answers,
    }),
    history: new HistoryTasks({ book, queue, directory, nowMs, log }),
    purge: new CandlePurge({ store, window, log }),
    close: () =>
      closeAll([
        ...[{ close }, queues, metering, levels, access, afterwork],
        ...[foresight, directory, streams],
      ]),
  };
}
