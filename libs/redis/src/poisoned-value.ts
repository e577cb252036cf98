import type { RedisConnection } from './redis-connection';

/** A value that is none of ours stood under a key that is. */
export interface PoisonedValue {
  /** The key, or those of which one holds it. */
  readonly keys: readonly string[];
  readonly error: unknown;
}

const EVENT = 'poisoned';
/** What a server says of a value of another type, and of a script that cannot go on with what it has read. */
const TYPE_OR_SCRIPT = /^(?:WRONGTYPE|ERR (?:user_script|Error running script))/;
/** Refusals of the server itself, which older ones tell as the script's. */
const SERVER_SAYS = /\b(?:OOM|READONLY|MISCONF|NOPERM|NOREPLICAS|LOADING|UNKILLABLE)\b/;

/** Whether a reply says that a key holds what no version of ours has written. */
export function isPoisonedReply(error: unknown): boolean {
  if (!(error instanceof Error) || SERVER_SAYS.test(error.message)) return false;
  return TYPE_OR_SCRIPT.test(error.message);
}

/**
 * Takes the keys away, so that whoever looks next finds nothing there and brings it anew, and says so to those who watch the connection
 * (`watchPoison`). Only for keys that may vanish at any moment. Rejects with ioredis' error.
 */
export async function forgetPoison(redis: RedisConnection, poison: PoisonedValue): Promise<void> {
  redis.emit(EVENT, poison);
  await redis.del(...poison.keys);
}

/** Calls back for each value that is taken away over this connection. */
export function watchPoison(redis: RedisConnection, heed: (poison: PoisonedValue) => void): void {
  redis.on(EVENT, heed);
}
