import path from 'node:path';
import { InvalidValue } from '@candlekeep/market';
import { keys, LuaScript, type RedisConnection } from '@candlekeep/redis';
import { z } from 'zod';

export interface PreloadBudgetParts {
  /** `command` connection to the queue server. */
  readonly redis: RedisConnection;
  /** Calls of the exchange that preloading may make in any hour, whole; 0: none at all. */
  readonly perHour: number;
}

/**
 * What preloading may spend, by all workers together: a bucket on the queue server that holds half of the calls of an hour, and into
 * which the other half comes in an hour, steadily, by that server's clock. So no hour whatever sees more of them, and a steady user has
 * half. Beyond that: a call that an hour took and a later one gave back counts for the later one; when the server's clock leaps ahead, up
 * to half of the figure comes once more, and a twentieth when its memory is lost. A clock that is set back brings nothing. Workers that
 * were given different figures each count by their own.
 */
export class PreloadBudget {
  /** Throws {@link InvalidValue} for a figure that is no number of calls. */
  constructor(private readonly parts: PreloadBudgetParts) {
    const { perHour } = parts;
    if (Number.isInteger(perHour) && perHour >= 0) return;
    throw new InvalidValue(
      `a preload budget of ${perHour} calls an hour; expected a whole number, 0 or more`,
    );
  }

  /**
   * Takes all `calls` or none, and says whether it did.
   * @param calls whole
   * @param reserve 0 to 1: the share of a full bucket that must stay for worthier uses
   */
  async take(calls: number, reserve: number): Promise<boolean> {
    checkCalls(calls);
    if (!(reserve >= 0 && reserve <= 1)) {
      throw new InvalidValue(`a reserve of ${reserve}; expected a share from 0 to 1`);
    }
    return this.isClosed ? false : await this.run(takeScript, [calls, reserve]);
  }

  /** Puts back what was taken and not spent. Never makes the bucket more than full. */
  async giveBack(calls: number): Promise<void> {
    checkCalls(calls);
    if (!this.isClosed) await this.run(giveBackScript, [calls]);
  }

  /** What there is, in whole calls, by this worker's figure. */
  async read(): Promise<{ readonly perHour: number; readonly left: number }> {
    const { perHour } = this.parts;
    return { perHour, left: this.isClosed ? 0 : Math.floor(await this.run(readScript, [])) };
  }

  private get isClosed(): boolean {
    return this.parts.perHour === 0;
  }

  private async run<Reply>(script: LuaScript<Reply>, args: readonly number[]): Promise<Reply> {
    const { redis, perHour } = this.parts;
    return await script.run(redis, [keys.preloadBudget], [perHour, ...args]);
  }
}

function checkCalls(calls: number): void {
  if (Number.isInteger(calls) && calls >= 0) return;
  throw new InvalidValue(`${calls} calls; expected a whole number, 0 or more`);
}

const whole = z.int();
const takeScript = scriptOf('take.lua', (reply) => whole.parse(reply) === 1);
const giveBackScript = scriptOf('give-back.lua', (reply) => whole.parse(reply));
const readScript = scriptOf('read-bucket.lua', (reply) => z.coerce.number().parse(reply));

function scriptOf<Reply>(file: string, parseReply: (reply: unknown) => Reply): LuaScript<Reply> {
  const files = ['bucket.lua', file].map((name) => path.join(__dirname, name));
  return new LuaScript(files, parseReply, 'all');
}
