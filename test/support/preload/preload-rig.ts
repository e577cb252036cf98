import { SystemClock } from '@candlekeep/clock';
import {
  PRELOAD_QUEUE,
  PreloadConsumer,
  type PreloadConsumerParts,
  PreloadQueue,
} from '@candlekeep/jobs';
import { keys, openRedis, type RedisConnection, type RedisRole } from '@candlekeep/redis';
import { silentLogger } from '@candlekeep/telemetry';
import { CleanUp } from '../clean-up';
import { redisDatabases } from '../redis-databases';
import { redisUrl } from '../servers';

/** The preload queue in a database of its own, empty before each test; each test may open as many sides of it as it likes. */
export class PreloadRig {
  readonly clock = new SystemClock();
  readonly cleanUp = new CleanUp();
  private opened: RedisConnection | undefined;

  /** For the tests of one `describe`. */
  static use(): PreloadRig {
    const rig = new PreloadRig();
    beforeEach(async () => {
      rig.opened = rig.open('command');
      await rig.loseMemory();
    });
    afterEach(() => rig.cleanUp.run());
    return rig;
  }

  /** Where the queue is. */
  get url(): string {
    const url = new URL(redisUrl());
    url.pathname = `/${redisDatabases.preloadQueue}`;
    return url.href;
  }

  get redis(): RedisConnection {
    if (this.opened === undefined) throw new Error('a rig is there while a test runs');
    return this.opened;
  }

  /** One of BullMQ's keys of the queue. */
  part(name: string): string {
    return `${keys.queuePrefix}:${PRELOAD_QUEUE}:${name}`;
  }

  /** Ids of the jobs that wait for their time, the soonest first. */
  async delayed(): Promise<string[]> {
    return await this.redis.zrange(this.part('delayed'), '0', '-1');
  }

  async loseMemory(): Promise<void> {
    const left = await this.redis.keys(this.part('*'));
    if (left.length > 0) await this.redis.del(left);
  }

  queue(): PreloadQueue {
    const made = new PreloadQueue({ redis: this.redis, clock: this.clock, log: silentLogger });
    this.cleanUp.add(() => made.close());
    return made;
  }

  async consumer(
    handle: PreloadConsumerParts['handle'],
    concurrency = 2,
  ): Promise<PreloadConsumer> {
    const made = new PreloadConsumer({
      ...{ redis: this.open('blocking'), handle, concurrency },
      ...{ clock: this.clock, log: silentLogger },
    });
    this.cleanUp.add(() => made.close());
    await made.start();
    return made;
  }

  private open(role: RedisRole): RedisConnection {
    const onError = (error: Error): never => {
      throw error;
    };
    const opened = openRedis({ url: this.url, role, name: `test-${role}`, onError });
    this.cleanUp.add(() => {
      opened.disconnect();
    });
    return opened;
  }
}
