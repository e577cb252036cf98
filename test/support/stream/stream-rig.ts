import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { CandleAnswer, CandleQuery } from '@candlekeep/candle-cache';
import { SystemClock } from '@candlekeep/clock';
import { type Candle, seriesName } from '@candlekeep/market';
import { openRedis, type RedisRole } from '@candlekeep/redis';
import { Streams } from '../../../apps/gateway/src/stream/streams';
import { CleanUp } from '../clean-up';
import { LogRecorder } from '../log-recorder';
import { FeedSides } from './feed-sides';

/** Runs as the machine's clock does, and ahead where a test wants no time to pass. */
class AheadClock extends SystemClock {
  aheadMs = 0;

  override monotonicMs(): number {
    return super.monotonicMs() + this.aheadMs;
  }
}

/** Answers every question with the same newest row, which a test may change. */
class OneRowCandles {
  readonly reads: string[] = [];
  row: Candle;

  constructor(private readonly clock: SystemClock) {
    const price = '91157000.00000000';
    this.row = {
      ...{ openMs: clock.nowMs() - (clock.nowMs() % 60_000), timestampMs: clock.nowMs() },
      ...{ open: price, high: price, low: price, close: price },
      ...{ volume: '1.00000000', turnover: price },
    };
  }

  read({ series }: CandleQuery): Promise<CandleAnswer> {
    this.reads.push(seriesName(series));
    const asOf = { asOfMs: this.clock.nowMs() - 10, ageMs: 10, staleMs: 0 };
    const rest = { source: 'l1', collapsed: false, insteadOfError: false } as const;
    return Promise.resolve({ rows: [this.row], finalUntilMs: this.row.openMs, ...asOf, ...rest });
  }

  /** One more trade. */
  trade(): void {
    const volume = `${Number.parseInt(this.row.volume) + 1}.00000000`;
    this.row = { ...this.row, volume };
  }
}

/** A gateway's streams over real Redis, HTTP and WebSocket, without its tiers. */
export class StreamRig {
  readonly clock = new AheadClock();
  readonly candles = new OneRowCandles(this.clock);
  readonly log = new LogRecorder();
  private readonly cleanUp = new CleanUp();

  private constructor(
    readonly feed: FeedSides,
    private readonly http: Server,
  ) {}

  static async open(redisUrl: string): Promise<StreamRig> {
    const rig = new StreamRig(await FeedSides.open(redisUrl), createServer());
    rig.cleanUp.add(() => rig.feed.close());
    rig.streams = await rig.openStreams(redisUrl);
    rig.streams.server.attach(rig.http);
    rig.http.listen(0, '127.0.0.1');
    await once(rig.http, 'listening');
    rig.cleanUp.add(() => rig.http.close());
    rig.cleanUp.add(() => rig.streams.close());
    return rig;
  }

  streams!: Streams;

  get url(): string {
    const address = this.http.address();
    if (address === null || typeof address === 'string') throw new Error('the rig is closed');
    return `http://127.0.0.1:${address.port}`;
  }

  /** Connections to its door, whatever has become of them. */
  async connectionCount(): Promise<number> {
    return await new Promise((resolve, reject) => {
      this.http.getConnections((error, count) => {
        if (error === null) resolve(count);
        else reject(error);
      });
    });
  }

  async close(): Promise<void> {
    await this.cleanUp.run();
  }

  private async openStreams(url: string): Promise<Streams> {
    const connect = (role: RedisRole) => {
      const redis = openRedis({ url, role, name: 'test-streams', onError: () => undefined });
      this.cleanUp.add(() => {
        redis.disconnect();
      });
      return redis;
    };
    const streams = new Streams({
      ...{ redis: connect('command'), subscriber: connect('subscriber'), origins: [] },
      ...{ candles: this.candles, clock: this.clock, log: this.log },
      directory: { mayExist: () => Promise.resolve(true), heedUnknown: () => undefined },
    });
    await streams.start();
    return streams;
  }
}
