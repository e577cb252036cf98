import path from 'node:path';
import type { Clock } from '@candlekeep/clock';
import { keys, LuaScript, type RedisConnection } from '@candlekeep/redis';
import { z } from 'zod';
import { type Accounted, fieldsOf, parseAccounted, type WindowNote } from './window-note';
import { parseMeasure, type WindowMeasure } from './window-state';
import { LONGEST_WISH_MS } from './window-wish';

export interface WindowBookParts {
  readonly redis: RedisConnection;
  readonly clock: Clock;
  /** Measured memory that all windows together may take. */
  readonly maxBytes: number;
  readonly ttlMs: number;
}

/** What the ledger knows of one window. */
export interface BookEntry {
  readonly series: string;
  readonly generation: string;
  readonly hits: number;
  readonly usedAtMs: number;
}

const AUDIT_EVERY_MS = 6 * 3_600_000;
/** An audit of 10,000 windows takes about a second. */
const AUDIT_LEASE_MS = 60_000;
const SCAN_COUNT = 1_000;
const LEDGER_KEYS = [keys.windowsUsed, keys.windowSizes, keys.windowsWanted];

/** The ledger and the windows as Redis has them: one command for each thing that can be done with them. */
export class WindowBook {
  constructor(private readonly parts: WindowBookParts) {}

  async account(notes: readonly WindowNote[]): Promise<Accounted> {
    const { redis, clock, maxBytes, ttlMs } = this.parts;
    return await accountWindows.run(redis, LEDGER_KEYS, [
      clock.token(),
      maxBytes,
      ttlMs,
      AUDIT_EVERY_MS,
      AUDIT_LEASE_MS,
      LONGEST_WISH_MS,
      ...notes.flatMap(fieldsOf),
    ]);
  }

  /** All entries, the least recently used first. */
  async entries(): Promise<readonly BookEntry[]> {
    const replies = await this.parts.redis
      .multi()
      .hgetall(keys.windowSizes)
      .zrange(keys.windowsUsed, 0, '-1', 'WITHSCORES')
      .exec();
    const sizes = sizesReply.parse(replies?.[0]?.[1]);
    const used = usedReply.parse(replies?.[1]?.[1]);
    return used.flatMap((series, index) => {
      const size = sizes[series]?.split(' ');
      if (index % 2 === 1 || size === undefined) return [];
      const [, hits, , generation = ''] = size;
      const usedAtMs = Math.floor(Number(used[index + 1]) / 1_000);
      return [{ series, generation, hits: Number(hits), usedAtMs }];
    });
  }

  /** One measure for each series, in their order; undefined where there is no window. */
  async measure(series: readonly string[]): Promise<readonly (WindowMeasure | undefined)[]> {
    const { redis } = this.parts;
    return await Promise.all(series.map((name) => measureWindow.run(redis, keysOf(name), [])));
  }

  /** Takes whole windows away. */
  async drop(series: readonly string[]): Promise<void> {
    await Promise.all(series.map((name) => this.parts.redis.del(...keysOf(name))));
  }

  /** Names of all series that have a key, in portions; a name may come twice. */
  async *scan(): AsyncIterable<readonly string[]> {
    let cursor = '0';
    do {
      const [next, found] = await this.parts.redis.scan(
        cursor,
        'MATCH',
        keys.seriesPattern,
        'COUNT',
        SCAN_COUNT,
      );
      yield [...new Set(found.flatMap((key) => keys.findSeries(key) ?? []))];
      cursor = next;
    } while (cursor !== '0');
  }
}

const accountWindows = new LuaScript(
  path.join(__dirname, 'account-windows.lua'),
  parseAccounted,
  'all',
);
const measureWindow = new LuaScript(
  path.join(__dirname, 'measure-window.lua'),
  parseMeasure,
  'all',
);
const sizesReply = z.record(z.string(), z.string());
const usedReply = z.array(z.string());

function keysOf(series: string): [string, string] {
  return [keys.seriesRows(series), keys.seriesMeta(series)];
}
