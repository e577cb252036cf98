import { SystemClock } from '@candlekeep/clock';
import { type RedisConnection, RedisConnections, type RedisRole } from '@candlekeep/redis';
import { CleanUp } from '../clean-up';
import { LogRecorder } from '../log-recorder';
import { OwnQueueRedis } from '../own-queue-redis';

/** A server of its own, and connections to it as a process has them. */
export class PoisonHouse {
  readonly clock = new SystemClock();
  readonly log = new LogRecorder();
  readonly cleanUp = new CleanUp();
  private readonly connections = new RedisConnections('poisoned', this.log);
  /** What processes work with. */
  readonly redis: RedisConnection;

  private constructor(private readonly server: OwnQueueRedis) {
    this.redis = this.open('command');
    this.cleanUp.add(() => server.close());
    this.cleanUp.add(() => this.connections.close());
  }

  static async start(): Promise<PoisonHouse> {
    return new PoisonHouse(await OwnQueueRedis.start());
  }

  /** Values and messages so far that were none of ours. */
  get poisonedCount(): number {
    return this.connections.poisonedCount;
  }

  open(role: RedisRole): RedisConnection {
    return this.connections.open(this.server.url, role);
  }

  /** Lines of the log that name a key, or say a sentence. */
  linesOf(text: string): number {
    return this.log.lines.filter(({ message, fields }) =>
      `${message} ${JSON.stringify(fields)}`.includes(text),
    ).length;
  }

  async close(): Promise<void> {
    await this.cleanUp.run();
  }
}
