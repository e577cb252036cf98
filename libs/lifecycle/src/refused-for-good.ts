import { isNativeError } from 'node:util/types';

/** SQLSTATE classes in which Postgres says no to who asks: authorization, a database that there is not, privileges. */
const POSTGRES_REFUSALS = /^(?:28|3D|42)[0-9A-Z]{3}$/;
/** What Redis says while it starts, or is busy. */
const REDIS_FOR_NOW = /^(?:LOADING|BUSY|MASTERDOWN|TRYAGAIN|CLUSTERDOWN)\b/;

/** Whether a server has answered, and has said what no waiting mends, such as that a password is wrong. */
export function isForGood(error: unknown): boolean {
  if (!isNativeError(error)) return false;
  if ('retryable' in error) return error.retryable === false;
  if (error.name === 'ReplyError') return !REDIS_FOR_NOW.test(error.message);
  return 'code' in error && POSTGRES_REFUSALS.test(String(error.code));
}
