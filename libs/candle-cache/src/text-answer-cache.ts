import { forgetPoison, isPoisonedReply, keys, type RedisConnection } from '@candlekeep/redis';
import { z } from 'zod';

/** An answer of the exchange that is passed on as text. */
export interface TextAnswer {
  /** The exchange's own status: 200, or a refusal in its own words (400, 404). */
  readonly status: number;
  /** The body, byte for byte. */
  readonly body: string;
  /** When the exchange was asked, epoch ms by the cache server's clock. */
  readonly seenAtMs: number;
}

/** What is cached under a name, and the cache server's time at that moment (epoch ms). */
export interface TextSight {
  readonly nowMs: number;
  readonly answer?: TextAnswer;
}

const stored = z.object({ status: z.int(), body: z.string(), seenAtMs: z.number() });

/**
 * Answers that are not candles (the list of markets, tickers, trades) as the exchange printed them. How old is too old is the
 * reader's to say. A late write of an older answer can win over a newer one; its age says so, and costs one more call.
 */
export class TextAnswerCache {
  constructor(private readonly redis: RedisConnection) {}

  async find(name: string): Promise<TextSight> {
    const replies = await this.redis.multi().time().get(keys.textAnswer(name)).exec();
    const [seconds, micros] = timeReply.parse(replies?.[0]?.[1]);
    const nowMs = seconds * 1_000 + Math.floor(micros / 1_000);
    const [failure, text] = replies?.[1] ?? [];
    if (failure instanceof Error && !isPoisonedReply(failure)) throw failure;
    if (!(failure instanceof Error) && text === null) return { nowMs };
    try {
      return { nowMs, answer: readStored(text) };
    } catch (error) {
      await forgetPoison(this.redis, { keys: [keys.textAnswer(name)], error: failure ?? error });
      return { nowMs };
    }
  }

  /** Keeps an answer for `ttlMs`. */
  async put(name: string, answer: TextAnswer, ttlMs: number): Promise<void> {
    await this.redis.set(keys.textAnswer(name), JSON.stringify(answer), 'PX', ttlMs);
  }

  async forget(name: string): Promise<void> {
    await this.redis.del(keys.textAnswer(name));
  }
}

/** Throws for anything that `put` has not written. */
function readStored(text: unknown): TextAnswer {
  return stored.parse(JSON.parse(z.string().parse(text)));
}

const timeReply = z.tuple([z.coerce.number(), z.coerce.number()]);
