import { createPool } from '@candlekeep/postgres';
import { openRedis, type RedisConnection } from '@candlekeep/redis';
import { z } from 'zod';
import { AppProcess } from './app-process';
import { httpGet, type HttpAnswer } from './http-get';
import { CleanUp } from './clean-up';
import { createScratchDatabase } from './scratch-database';
import { redisCacheUrl, redisUrl } from './servers';

const testimony = z.object({
  total: z.number(),
  rejected: z.number(),
  maxPerSecond: z.number(),
  violations: z.array(z.looseObject({ kind: z.string(), atMs: z.number() })),
  violationCount: z.number(),
  byUrl: z.record(z.string(), z.number()),
});

const arrivalsBody = z.array(z.object({ atMs: z.number(), group: z.string() }));

/** Loopback addresses that tests ask the simulated exchange from in turn: it counts calls per address, and 127.0.0.1 is the workers'. */
const TESTERS_ADDRESSES = 200;

type Environment = Readonly<Record<string, string>>;

export interface HouseOptions {
  /** Redis database that this test file has for itself on both servers, as far as they are the common ones. */
  readonly redisDatabase: number;
  readonly gateways?: number;
  readonly workers?: number;
  /** Processes that follow the exchange's stream; default 0. */
  readonly lives?: number;
  /** Mean time that the simulated exchange takes for an answer, ms. Default 0. */
  readonly exchangeLatencyMs?: number;
  /** Further variables of the simulated exchange, such as a latency profile. */
  readonly exchange?: Environment;
  /** Further variables of every process of the product, such as `LIVE_MARKETS`. */
  readonly environment?: Environment;
  /** The queue server, when the test has one of its own; else the common one. */
  readonly queueUrl?: string;
  /** The cache server, when the test has one of its own; else the common one. */
  readonly cacheUrl?: string;
  /** A second, undisturbed exchange to hold answers against, when the first is going to be disturbed. Default false. */
  readonly withTruth?: boolean;
}

/** The whole system as real processes, with a simulated exchange, on databases of its own. */
export class House {
  readonly gateways: AppProcess[] = [];
  readonly workers: AppProcess[] = [];
  readonly lives: AppProcess[] = [];
  private questions = 0;

  private constructor(
    /** What every process of the product is told by. */
    readonly environment: Environment,
    private readonly exchange: { readonly asked: AppProcess; readonly truth: AppProcess },
    /** The queue server and the cache server, for tests that meddle. */
    readonly redis: { readonly queue: RedisConnection; readonly cache: RedisConnection },
    private readonly cleanUp: CleanUp,
  ) {}

  /** The exchange that the workers ask. */
  get simulator(): AppProcess {
    return this.exchange.asked;
  }

  /** Brings everything up; what was started is stopped again when something fails. */
  static async start(options: HouseOptions): Promise<House> {
    const cleanUp = new CleanUp();
    try {
      return await House.build(options, cleanUp);
    } catch (error) {
      await cleanUp.run();
      throw error;
    }
  }

  private static async build(options: HouseOptions, cleanUp: CleanUp): Promise<House> {
    const REDIS_URL = options.queueUrl ?? databaseOf(redisUrl(), options.redisDatabase);
    const REDIS_CACHE_URL = options.cacheUrl ?? databaseOf(redisCacheUrl(), options.redisDatabase);
    const redis = { queue: connect(REDIS_URL), cache: connect(REDIS_CACHE_URL) };
    cleanUp.add(() => {
      for (const connection of Object.values(redis)) connection.disconnect();
    });
    await Promise.all([redis.queue.flushdb(), redis.cache.flushdb()]);
    const database = await createScratchDatabase();
    cleanUp.add(() => database.drop());
    const startExchange = async (env: Environment): Promise<AppProcess> => {
      const exchange = await AppProcess.start('exchange-simulator', { PORT: '0', ...env });
      cleanUp.add(() => exchange.stop());
      return exchange;
    };
    const LATENCY_MS = String(options.exchangeLatencyMs ?? 0);
    const asked = await startExchange({ CONTROL_PORT: '0', LATENCY_MS, ...options.exchange });
    const truth = options.withTruth === true ? await startExchange({}) : asked;
    const environment = {
      ...{ REDIS_URL, REDIS_CACHE_URL, DATABASE_URL: database.url },
      ...{ UPBIT_REST_URL: asked.url(), UPBIT_WS_URL: streamOf(asked), ...options.environment },
    };
    const house = new House(environment, { asked, truth }, redis, cleanUp);
    cleanUp.add(() => house.shut());
    await house.open(options);
    return house;
  }

  /** Starts gateways, workers and lives beside those that run. Every second gateway keeps no pages in its memory. */
  async open({
    gateways = 1,
    workers = 1,
    lives = 0,
  }: Pick<HouseOptions, 'gateways' | 'workers' | 'lives'> = {}): Promise<void> {
    const start = async (app: string, env: Environment, into: AppProcess[]) =>
      into.push(await AppProcess.start(app, { ...this.environment, ...env }));
    const outcomes = await Promise.allSettled([
      ...Array.from({ length: gateways }, (_, index) =>
        start('gateway', { PORT: '0', ...memoryOf(index) }, this.gateways),
      ),
      ...Array.from({ length: workers }, () => start('worker', {}, this.workers)),
      ...Array.from({ length: lives }, () => start('live', {}, this.lives)),
    ]);
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  }

  /** Starts one more worker, from a script of the tests. */
  async openWorker(script: string, env: Environment): Promise<AppProcess> {
    const worker = await AppProcess.start(script, { ...this.environment, ...env });
    this.workers.push(worker);
    return worker;
  }

  /** Starts one more live, with variables of its own. */
  async openLive(env: Environment = {}): Promise<AppProcess> {
    const live = await AppProcess.start('live', { ...this.environment, ...env });
    this.lives.push(live);
    return live;
  }

  /** Stops gateways, workers and lives in order; resolves with their exit codes. */
  async shut(): Promise<(number | null)[]> {
    const stopping = [this.gateways, this.workers, this.lives].flatMap((apps) => apps.splice(0));
    return await Promise.all(stopping.map((app) => app.stop()));
  }

  async close(): Promise<void> {
    await this.cleanUp.run();
  }

  /** Asks a gateway. */
  async ask(path: string, headers: Record<string, string> = {}, gateway = 0): Promise<HttpAnswer> {
    return await httpGet(`${this.gateways[gateway]!.url()}${path}`, { headers });
  }

  /** Asks the exchange itself, past the product; the undisturbed one, if there is one. */
  async askExchange(path: string): Promise<HttpAnswer> {
    this.questions = (this.questions + 1) % TESTERS_ADDRESSES;
    return await httpGet(`${this.exchange.truth.url()}${path}`, {
      from: `127.0.0.${2 + this.questions}`,
    });
  }

  /** Has the exchange misbehave; `fault` as its control door takes it. */
  async disturb(fault: Readonly<Record<string, unknown>>): Promise<void> {
    const response = await fetch(`${this.exchange.asked.url(1)}/faults`, {
      method: 'POST',
      body: JSON.stringify(fault),
    });
    if (!response.ok) throw new Error(`the exchange refused the fault: ${await response.text()}`);
  }

  /** Runs a statement on the house's database, past the product. */
  async sql(statement: string): Promise<unknown[]> {
    const url = this.environment.DATABASE_URL ?? '';
    const pool = createPool({ url, applicationName: 'test', onError: () => undefined });
    try {
      return (await pool.query<Record<string, unknown>>(statement)).rows;
    } finally {
      await pool.end();
    }
  }

  /** Ends every fault. */
  async calm(): Promise<void> {
    await fetch(`${this.exchange.asked.url(1)}/faults`, { method: 'DELETE' });
  }

  /** What the exchange has seen so far. */
  async witness(): Promise<z.infer<typeof testimony>> {
    const { body } = await httpGet(`${this.exchange.asked.url(1)}/calls`);
    return testimony.parse(JSON.parse(body));
  }

  /** When it has seen calls of candles, epoch ms in their order. */
  async arrivals(): Promise<number[]> {
    const { body } = await httpGet(`${this.exchange.asked.url(1)}/arrivals`);
    const seen = arrivalsBody.parse(JSON.parse(body));
    return seen.filter(({ group }) => group === 'candles').map(({ atMs }) => atMs);
  }

  /** How many calls the exchange gets while `work` runs; workers verify in the background what was asked before. */
  async callsDuring(work: () => Promise<unknown>): Promise<number> {
    return (await this.urlsDuring(work)).length;
  }

  /** What the exchange is asked while `work` runs: path and query of each call. */
  async urlsDuring(work: () => Promise<unknown>): Promise<string[]> {
    const before = await this.witness();
    await work();
    const { byUrl } = await this.witness();
    return Object.entries(byUrl).flatMap(([url, count]) =>
      Array.from({ length: count - (before.byUrl[url] ?? 0) }, () => url),
    );
  }
}

/** Where a simulated exchange tells its stream. */
function streamOf(exchange: AppProcess): string {
  return `${exchange.url().replace('http', 'ws')}/websocket/v1`;
}

function memoryOf(gateway: number): Environment {
  return gateway % 2 === 0 ? {} : { L0_MAX_BYTES: '0' };
}

function databaseOf(url: string, index: number): string {
  const changed = new URL(url);
  changed.pathname = `/${index}`;
  return changed.href;
}

function connect(url: string): RedisConnection {
  return openRedis({ url, role: 'command', name: 'test', onError: () => undefined });
}
