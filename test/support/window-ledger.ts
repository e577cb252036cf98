import { keys, type RedisConnection } from '@candlekeep/redis';

/** What the windows of one database take, by the server's own word: series -> bytes. */
export async function measuredWindows(redis: RedisConnection): Promise<Map<string, number>> {
  const bytes = new Map<string, number>();
  for (const key of await redis.keys(keys.seriesPattern)) {
    const series = keys.findSeries(key);
    if (series === undefined) continue;
    const usage = await redis.memory('USAGE', key, 'SAMPLES', 0);
    bytes.set(series, (bytes.get(series) ?? 0) + Number(usage));
  }
  return bytes;
}

/** What the ledger believes: series -> bytes, and the total. */
export async function ledgerOf(
  redis: RedisConnection,
): Promise<{ windows: Map<string, number>; total: number }> {
  const sizes = Object.entries(await redis.hgetall(keys.windowSizes));
  const windows = sizes.filter(([name]) => !name.startsWith('#'));
  return {
    windows: new Map(windows.map(([name, entry]) => [name, Number(entry.split(' ')[0])])),
    total: Number(sizes.find(([name]) => name === '#total')?.[1] ?? 0),
  };
}

/**
 * A connection on which some commands never reach the server: the first one is number 1. `number > 3` is a process that dies
 * after three commands.
 */
export function failingConnection(
  redis: RedisConnection,
  isLost: (number: number) => boolean,
): RedisConnection {
  return interceptedConnection(redis, (number) =>
    isLost(number) ? Promise.reject(new Error('the process is gone')) : Promise.resolve(),
  );
}

/** A connection on which one command waits until it is let go. */
export class HoldingConnection {
  readonly connection: RedisConnection;
  /** Resolves when the command is about to leave. */
  readonly reached: Promise<void>;
  private sayReached: () => void = () => undefined;
  private letGo: () => void = () => undefined;

  constructor(redis: RedisConnection, held: number) {
    const gate = new Promise<void>((resolve) => (this.letGo = resolve));
    this.reached = new Promise<void>((resolve) => (this.sayReached = resolve));
    this.connection = interceptedConnection(redis, async (number) => {
      if (number !== held) return;
      this.sayReached();
      await gate;
    });
  }

  release(): void {
    this.letGo();
  }
}

function interceptedConnection(
  redis: RedisConnection,
  before: (number: number) => Promise<void>,
): RedisConnection {
  let number = 0;
  return new Proxy(redis, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name);
      if (name !== 'evalsha' && name !== 'eval' && name !== 'del' && name !== 'scan') return value;
      number += 1;
      const turn = before(number);
      return (...args: unknown[]) => turn.then(() => call(target, value, args));
    },
  });
}

function call(target: object, method: unknown, args: readonly unknown[]): unknown {
  if (typeof method !== 'function') throw new TypeError('a connection lacks one of its commands');
  return Reflect.apply(method, target, args);
}
