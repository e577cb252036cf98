import path from 'node:path';
import type { MarketCode } from '@candlekeep/market';
import { forgetPoison, keys, LuaScript, onPoison, type RedisConnection } from '@candlekeep/redis';
import { type FrameKind, MalformedMessage, requireFrame } from './feed-message';

interface KeptFrame {
  readonly kind: FrameKind;
  readonly market: MarketCode;
  readonly text: string;
  /** The frame's own `timestamp`, epoch ms. */
  readonly atMs: number;
}

const KEPT_MS = 24 * 3_600_000;
/** Frames written by one call of the script: the server serves nobody else meanwhile. */
const AT_ONCE = 50;

const keepFrames = new LuaScript(path.join(__dirname, 'keep-frames.lua'), Number, 'all');

/** The last frame of each kind and market, for whoever subscribes between two. */
export class KeptFrames {
  /** Not written yet, by key. */
  private fresh = new Map<string, KeptFrame>();

  constructor(private readonly redis: RedisConnection) {}

  /** Remembers a frame until the next `write`, unless a newer one is remembered. A frame that names no time is not kept. */
  remember(kind: FrameKind, market: MarketCode, text: string): void {
    const atMs = timeOf(text);
    const key = keys.feedFrame(kind, market);
    if (atMs === undefined || atMs < (this.fresh.get(key)?.atMs ?? 0)) return;
    this.fresh.set(key, { kind, market, text, atMs });
  }

  /** Writes what was remembered since the last call. Rejects with ioredis' error; what was not written is let go then. */
  async write(): Promise<void> {
    const entries = [...this.fresh];
    this.fresh = new Map();
    for (let i = 0; i < entries.length; i += AT_ONCE) {
      const some = entries.slice(i, i + AT_ONCE);
      const args = some.flatMap(([, { atMs, text }]) => [atMs, text]);
      await keepFrames.run(
        this.redis,
        some.map(([key]) => key),
        [KEPT_MS, ...args],
      );
    }
  }

  /** The last frame, as the exchange sent it; undefined when there is none, or none that can be understood: then it is taken away. */
  async find(kind: FrameKind, market: MarketCode): Promise<string | undefined> {
    const { redis } = this;
    const key = keys.feedFrame(kind, market);
    const text = await onPoison(redis, [key], () => redis.hget(key, 'text'));
    if (text === null || text === undefined) return undefined;
    try {
      requireFrame(text, kind, market);
      return text;
    } catch (error) {
      if (!(error instanceof MalformedMessage)) throw error;
      await forgetPoison(redis, { keys: [key], error });
      return undefined;
    }
  }
}

function timeOf(text: string): number | undefined {
  const digits = /"timestamp"\s*:\s*(\d{1,15})\b/.exec(text)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
