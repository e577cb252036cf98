import { once } from 'node:events';
import { SystemClock } from '@candlekeep/clock';
import { FeedPublisher, FRAME_KINDS } from '@candlekeep/feed';
import { isMarketCode, type MarketCode } from '@candlekeep/market';
import type { RedisConnection } from '@candlekeep/redis';
import { silentLogger } from '@candlekeep/telemetry';
import { type RawData, WebSocket } from 'ws';
import { z } from 'zod';
import { statusOf } from './feed-sides';

const STATUS_EVERY_MS = 1_000;
const clock = new SystemClock();
const heading = z.object({ type: z.enum(FRAME_KINDS), code: z.string().refine(isMarketCode) });

/** Passes an exchange's stream into the feed, as the process that follows it does. */
export class StreamRelay {
  private readonly publisher: FeedPublisher;
  private readonly stopTelling: () => void;

  private constructor(
    private readonly socket: WebSocket,
    redis: RedisConnection,
    markets: readonly MarketCode[],
  ) {
    const publisher = new FeedPublisher({ redis, clock, log: silentLogger });
    this.publisher = publisher;
    socket.on('message', (data: RawData) => {
      const text = Buffer.isBuffer(data) ? data.toString('utf8') : '';
      const { type, code } = heading.parse(JSON.parse(text));
      publisher.frame(type, code, text);
    });
    const tell = (): void => {
      publisher.status(statusOf(...markets)).catch(() => undefined);
    };
    tell();
    this.stopTelling = clock.every(STATUS_EVERY_MS, tell);
  }

  /** @param exchange its `http://` URL */
  static async start(
    exchange: string,
    redis: RedisConnection,
    markets: readonly MarketCode[],
  ): Promise<StreamRelay> {
    const socket = new WebSocket(`${exchange.replace('http', 'ws')}/websocket/v1`);
    const relay = new StreamRelay(socket, redis, markets);
    await once(socket, 'open');
    const wishes = FRAME_KINDS.map((type) => ({ type, codes: markets }));
    socket.send(JSON.stringify([{ ticket: 'relay' }, ...wishes]));
    return relay;
  }

  async close(): Promise<void> {
    this.stopTelling();
    this.socket.terminate();
    await this.publisher.close();
  }
}
