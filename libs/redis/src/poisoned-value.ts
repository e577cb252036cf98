import type { RedisConnection } from './redis-connection';

/** A value that is none of ours stood under a key that is. */
export interface PoisonedValue {
  /** The key, or those of which one holds it. */
  readonly keys: readonly string[];
  /** Those of a hash; absent: all of it. */
  readonly fields?: readonly string[];
  /** Whoever met with it has said so: it is only to be counted. */
  readonly isTold?: boolean;
  readonly error: unknown;
}

const EVENT = 'poisoned';
/** What a server says of a value of another type, of a script that cannot go on with what it has read, */
const TYPE_OR_SCRIPT = /^(?:WRONGTYPE|ERR (?:user_script|Error running script))/;
/** of a text that is to be counted up and is no number, or too large a one, and of a stream that ends beyond every place. */
const NOT_TO_BE_ADDED_TO =
  /^ERR (?:(?:hash )?value is not|(?:increment or decrement|The stream has exhausted|The ID specified|The MAXLEN argument|Invalid stream ID)\b)/;
/** Refusals of the server itself, which older ones tell as the script's. */
const SERVER_SAYS = /\b(?:OOM|READONLY|MISCONF|NOPERM|NOREPLICAS|LOADING|UNKILLABLE)\b/;

/** Whether a reply says that a key holds what no version of ours has written. */
export function isPoisonedReply(error: unknown): boolean {
  if (!(error instanceof Error) || SERVER_SAYS.test(error.message)) return false;
  return TYPE_OR_SCRIPT.test(error.message) || NOT_TO_BE_ADDED_TO.test(error.message);
}

/**
 * Takes the keys or their fields away, so that whoever looks next finds nothing there and brings it anew, and says so to those who watch the connection
 * (`watchPoison`). Only for keys that may vanish at any moment. Rejects with ioredis' error.
 */
export async function forgetPoison(redis: RedisConnection, poison: PoisonedValue): Promise<void> {
  notePoison(redis, poison);
  const { keys, fields } = poison;
  if (fields === undefined) await redis.del(...keys);
  else await Promise.all(keys.map((key) => redis.hdel(key, ...fields)));
}

/**
 * What `parse` makes of the string under a key; undefined where there is none, and for one that `parse` throws at or a value of another
 * type, which is taken away (`forgetPoison`). Rejects with ioredis' error.
 */
export async function readOwnText<T>(
  redis: RedisConnection,
  key: string,
  parse: (text: string) => T,
): Promise<T | undefined> {
  const asked = await onPoison(redis, [key], () => redis.get(key));
  if (asked === undefined || asked === null) return undefined;
  try {
    return parse(asked);
  } catch (error) {
    await forgetPoison(redis, { keys: [key], error });
    return undefined;
  }
}

/** Does `work` on keys that may vanish at any moment; undefined when they hold what is none of ours, and are taken away. */
export async function onPoison<T>(
  redis: RedisConnection,
  keys: readonly string[],
  work: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!isPoisonedReply(error)) throw error;
    await forgetPoison(redis, { keys, error });
    return undefined;
  }
}

/** Says it to those who watch the connection, and takes nothing away. */
export function notePoison(redis: RedisConnection, poison: PoisonedValue): void {
  redis.emit(EVENT, poison);
}

/** Calls back for each value that is taken away, or was told, over this connection. */
export function watchPoison(redis: RedisConnection, heed: (poison: PoisonedValue) => void): void {
  redis.on(EVENT, heed);
}
