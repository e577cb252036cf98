import { type Clock, SystemClock } from '@candlekeep/clock';
import { parseMarketCode, Timeframe } from '@candlekeep/market';
import { openRedis, type RedisConnection } from '@candlekeep/redis';
import { UsageReader, UsageRecorder, type UsageQuestion } from '@candlekeep/usage';
import { LogRecorder } from './log-recorder';

/** Both sides of the stream of notes on one server: any number of recorders, as of gateways, and readers. */
export class UsageSides {
  readonly log = new LogRecorder();
  private readonly recorders: UsageRecorder[] = [];

  private constructor(readonly redis: RedisConnection) {}

  static open(url: string): UsageSides {
    const redis = openRedis({ url, role: 'command', name: 'test-usage', onError: () => undefined });
    return new UsageSides(redis);
  }

  /** @param redis another way to the same server */
  recorder(redis = this.redis, clock: Clock = new SystemClock()): UsageRecorder {
    const recorder = new UsageRecorder({ redis, clock, log: this.log });
    this.recorders.push(recorder);
    return recorder;
  }

  reader(): UsageReader {
    return new UsageReader({ redis: this.redis, log: this.log });
  }

  /** Notes questions of `caller` that end `from` to `until - 1` slots back, and writes them. */
  async write(caller: string, from: number, until: number): Promise<void> {
    const recorder = this.recorder();
    for (let back = from; back < until; back++) recorder.note(questionOf(caller, back));
    await recorder.close();
  }

  async close(): Promise<void> {
    await Promise.all(this.recorders.map((recorder) => recorder.close()));
    this.redis.disconnect();
  }
}

/** A question that tells by `back` which one it is. */
export function questionOf(caller: string, back: number): UsageQuestion {
  const series = { market: parseMarketCode('KRW-BTC'), timeframe: Timeframe.parse('15m') };
  return { caller, series, count: 60, back, maxAgeMs: 1_000 };
}
