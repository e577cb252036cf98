import { SystemClock } from '@candlekeep/clock';
import {
  FetchConsumer,
  type FetchConsumerParts,
  type FetchDemand,
  type FetchJob,
  type FetchOutcome,
  FetchRequester,
  type FetchRequesterParts,
} from '@candlekeep/jobs';
import { openRedis, type RedisConnection, type RedisRole } from '@candlekeep/redis';
import { silentLogger } from '@candlekeep/telemetry';
import { CleanUp } from './clean-up';
import { freshMarket } from './redis';
import { redisUrl } from './servers';

export type FetchHandler = FetchConsumerParts['handle'];

/** A bot that has eight seconds. */
export const PATIENT_BOT: FetchDemand = { waitMs: 8_000, lane: 'bot' };

/** Askers and workers of the fetch queues, each as a process of its own would open them, in one database of the queue server. */
export class FetchSides {
  readonly clock = new SystemClock();
  /** For the test itself. */
  readonly redis: RedisConnection;
  private readonly cleanUp = new CleanUp();

  private constructor(private readonly database: number) {
    this.redis = this.open('command');
  }

  /** Empties the database first. */
  static async open(database: number): Promise<FetchSides> {
    const sides = new FetchSides(database);
    await sides.redis.flushdb();
    return sides;
  }

  async requester(more: Partial<FetchRequesterParts> = {}): Promise<FetchRequester> {
    const redis = { redis: this.open('command'), subscriber: this.open('subscriber') };
    const made = new FetchRequester({ ...redis, clock: this.clock, log: silentLogger, ...more });
    this.cleanUp.add(() => made.close());
    await made.start();
    return made;
  }

  async consumer(
    handle: FetchHandler,
    more: Partial<FetchConsumerParts> = {},
  ): Promise<FetchConsumer> {
    const made = new FetchConsumer({
      ...{ redis: this.open('blocking'), publisher: this.open('command') },
      ...{ subscriber: this.open('subscriber'), handle, drainMs: 100 },
      ...{ clock: this.clock, log: silentLogger, ...more },
    });
    this.cleanUp.add(() => made.close());
    await made.start();
    return made;
  }

  /** A page that no other test asks for. */
  job(): FetchJob {
    return { kind: 'page', market: freshMarket(), timeframe: '1m', untilMs: 60_000 };
  }

  /** Asks as a caller does: again and again, until it is done or the patience is over. */
  async ask(side: FetchRequester, job: FetchJob, demand = PATIENT_BOT): Promise<FetchOutcome> {
    const untilMs = this.clock.monotonicMs() + demand.waitMs;
    for (;;) {
      const waitMs = untilMs - this.clock.monotonicMs();
      const outcome = await side.request(job, { ...demand, waitMs });
      if (outcome.kind === 'done' || this.clock.monotonicMs() >= untilMs) return outcome;
    }
  }

  /** Resolves when it is so; rejects when it is not within ten seconds. */
  async until(isSo: () => Promise<boolean> | boolean): Promise<void> {
    const untilMs = this.clock.monotonicMs() + 10_000;
    while (!(await isSo())) {
      if (this.clock.monotonicMs() > untilMs) throw new Error(`waited in vain: ${isSo.toString()}`);
      await this.clock.sleep(5);
    }
  }

  async close(): Promise<void> {
    await this.cleanUp.run();
  }

  /** A connection of its own, ended with the rest. */
  open(role: RedisRole): RedisConnection {
    const url = new URL(redisUrl());
    url.pathname = `/${this.database}`;
    const opened = openRedis({
      ...{ url: url.href, role, name: `test-${role}` },
      onError: (error) => {
        throw error;
      },
    });
    this.cleanUp.add(() => {
      opened.disconnect();
    });
    return opened;
  }
}

/** A clock that is `offMs` ahead of the machine's, as another machine's may be. */
export class SkewedClock extends SystemClock {
  constructor(private readonly offMs: number) {
    super();
  }

  override nowMs(): number {
    return super.nowMs() + this.offMs;
  }

  override monotonicMs(): number {
    return super.monotonicMs() + this.offMs;
  }
}

/** A door that a test opens. */
export function gated(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}
