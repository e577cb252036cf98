import { isLoopback } from '@candlekeep/lifecycle';
import { type Finding, fail, ok, warn } from '../finding';
import type { Settings } from '../settings';
import type { PostgresLook } from './postgres-look';

/** Judges who may ask the gateway, by its settings and the keys in the store. */
export function judgeAccess(
  { HOST, AUTH }: NonNullable<Settings['gateway']>,
  look: PostgresLook,
): Finding {
  const check = 'access';
  if (AUTH === 'off') {
    if (isLoopback(HOST))
      return ok(
        check,
        'no keys: only this machine is meant to ask; behind a proxy, AUTH=keys has to be said',
      );
    const advice =
      'unset AUTH and make keys (npm run keys), unless a firewall decides who can reach it';
    return warn(check, `no keys: whoever reaches ${HOST} can ask, and change things`, advice);
  }
  const keys = look.kind === 'there' ? look.activeKeys : undefined;
  if (keys === undefined)
    return ok(check, 'keys are asked for; how many there are is not known yet');
  if (keys > 0) return ok(check, `keys are asked for, ${keys} of them are active`);
  const advice = 'npm run keys -- create --name me --scope admin';
  return fail(check, 'keys are asked for, and there is none', advice);
}
