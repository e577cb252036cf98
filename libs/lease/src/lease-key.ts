import path from 'node:path';
import { keys, LuaScript, type RedisConnection } from '@candlekeep/redis';
import { z } from 'zod';

/** Who holds a lease, and the token of the term. */
export interface LeaseHolder {
  readonly holder: string;
  readonly token: number;
}

export type Acquisition =
  | { readonly kind: 'taken'; readonly token: number }
  /** Another holds it; unless it is prolonged it runs out in so many ms, by the server's clock. */
  | { readonly kind: 'held'; readonly leftMs: number };

/** A lease that nobody wants is remembered for so long, ms: 7 days. Its tokens go on above the server's time then. */
const REMEMBERED_MS = 7 * 24 * 3_600_000;

/** One lease as Redis has it: one command for each thing that can be done with it. All reject with ioredis' error. */
export class LeaseKey {
  private readonly key: readonly [string];

  constructor(
    private readonly redis: RedisConnection,
    name: string,
    private readonly ttlMs: number,
  ) {
    this.key = [keys.lease(name)];
  }

  /** Takes the lease if nobody else holds it, under a token larger than `floor`. */
  async acquire(holder: string, floor: number): Promise<Acquisition> {
    const args = [holder, this.ttlMs, floor, REMEMBERED_MS];
    return await acquireLease.run(this.redis, this.key, args);
  }

  /** Whether the term still held the lease; it is prolonged then. */
  async renew({ holder, token }: LeaseHolder): Promise<boolean> {
    return await renewLease.run(this.redis, this.key, [holder, token, this.ttlMs, REMEMBERED_MS]);
  }

  /** Whether the term still held the lease; it is free then. */
  async release({ holder, token }: LeaseHolder): Promise<boolean> {
    return await releaseLease.run(this.redis, this.key, [holder, token]);
  }

  async findHolder(): Promise<LeaseHolder | undefined> {
    return await readHolder.run(this.redis, this.key, []);
  }
}

const acquisition = z.tuple([z.number(), z.coerce.number()]);
const holding = z.tuple([z.string(), z.coerce.number()]);

const acquireLease = scriptOf('acquire.lua', (reply): Acquisition => {
  const [isTaken, number] = acquisition.parse(reply);
  return isTaken === 1 ? { kind: 'taken', token: number } : { kind: 'held', leftMs: number };
});
const renewLease = scriptOf('renew.lua', (reply) => z.number().parse(reply) === 1);
const releaseLease = scriptOf('release.lua', (reply) => z.number().parse(reply) === 1);
const readHolder = scriptOf('holder.lua', (reply): LeaseHolder | undefined => {
  if (reply === null) return undefined;
  const [holder, token] = holding.parse(reply);
  return { holder, token };
});

function scriptOf<Reply>(file: string, parseReply: (reply: unknown) => Reply): LuaScript<Reply> {
  const files = ['lease.lua', file].map((name) => path.join(__dirname, name));
  return new LuaScript(files, parseReply, 'all');
}
