import { SystemClock } from '@candlekeep/clock';
import { AppProcess } from '../app-process';
import { CleanUp } from '../clean-up';
import { House, type HouseOptions } from '../house';
import { SeededRandom } from '../seeded-random';

const clock = new SystemClock();
/** Clocks of workers are off by up to this much, ms. */
const WORST_OFFSET_MS = 5_000;
/** On a busy machine a new process takes longer to start than the next kill is away. */
const ALWAYS_ALIVE = 4;

export interface LimiterHouseOptions extends Pick<
  HouseOptions,
  'redisDatabase' | 'gateways' | 'queueUrl'
> {
  /** Default 8. */
  readonly workers?: number;
  /** How late the simulated exchange answers; default `measured`. */
  readonly latency?: 'measured' | 'plan';
  /** Most that the way to the exchange, and the way back, take beyond that, ms; default 0. */
  readonly jitterMs?: number;
  /** A limiter that is known to be wrong, in place of the product's. */
  readonly limiter?: 'fixed-window';
  readonly seed?: number;
}

/** The whole system with workers whose clocks are wrong, perhaps over a bad way, and without the user's own caps. */
export class LimiterHouse {
  private opened = 0;
  private readonly random: SeededRandom;

  private constructor(
    readonly house: House,
    private readonly options: LimiterHouseOptions,
    /** What the workers ask. */
    private readonly exchangeUrl: string,
    private readonly cleanUp: CleanUp,
  ) {
    this.random = new SeededRandom(options.seed ?? 1);
  }

  static async start(options: LimiterHouseOptions): Promise<LimiterHouse> {
    const cleanUp = new CleanUp();
    try {
      return await LimiterHouse.build(options, cleanUp);
    } catch (error) {
      await cleanUp.run();
      throw error;
    }
  }

  private static async build(
    options: LimiterHouseOptions,
    cleanUp: CleanUp,
  ): Promise<LimiterHouse> {
    const house = await House.start({
      ...options,
      workers: 0,
      exchange: { LATENCY_PROFILE: options.latency ?? 'measured' },
      environment: { LIMIT_PER_MINUTE: '0', LIMIT_PER_HOUR: '0' },
    });
    cleanUp.add(() => house.close());
    const exchangeUrl = await openWay(house.simulator.url(), options, cleanUp);
    const limiterHouse = new LimiterHouse(house, options, exchangeUrl, cleanUp);
    const starting = Array.from({ length: options.workers ?? 8 }, () => limiterHouse.openWorker());
    await Promise.all(starting);
    return limiterHouse;
  }

  /** Starts one more worker; eight in a row have clocks from 5 s behind to 5 s ahead. */
  async openWorker(): Promise<void> {
    const steps = 7;
    const step = this.opened++ % (steps + 1);
    const offsetMs = -WORST_OFFSET_MS + (step / steps) * 2 * WORST_OFFSET_MS;
    await this.house.openWorker('test/support/skewed-worker.mjs', {
      CLOCK_OFFSET_MS: String(Math.round(offsetMs)),
      LIMITER: this.options.limiter ?? '',
      UPBIT_REST_URL: this.exchangeUrl,
    });
  }

  /**
   * Kills a worker (`kill -9`) every `everyMs` until the signal aborts, as long as four are left; each is replaced at once. Resolves
   * with how many there were.
   */
  async killWorkers(everyMs: number, signal: AbortSignal): Promise<number> {
    const replacements: Promise<void>[] = [];
    for (;;) {
      await clock.sleep(everyMs, signal).catch(() => undefined);
      if (signal.aborted) break;
      const { workers } = this.house;
      if (workers.length <= ALWAYS_ALIVE) continue;
      const [victim] = workers.splice(this.random.between(0, workers.length - 1), 1);
      await victim?.stop('SIGKILL');
      replacements.push(this.openWorker());
    }
    await Promise.all(replacements);
    return replacements.length;
  }

  async close(): Promise<void> {
    await this.cleanUp.run();
  }
}

/** What the workers are to ask: the exchange itself, or a bad way to it. */
async function openWay(
  exchangeUrl: string,
  { jitterMs = 0, seed = 1 }: LimiterHouseOptions,
  cleanUp: CleanUp,
): Promise<string> {
  if (jitterMs === 0) return exchangeUrl;
  const way = await AppProcess.start('test/support/jitter-proxy.mjs', {
    TARGET_URL: exchangeUrl,
    JITTER_MS: String(jitterMs),
    SEED: String(seed),
  });
  cleanUp.add(() => way.stop());
  return way.url();
}
