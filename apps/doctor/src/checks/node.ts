import { type Finding, fail, ok } from '../finding';
import { isAtLeast } from './version';

/** Holds the running Node.js against what package.json asks for (`>=20.19`). */
export function judgeNode(running: string, wanted: string): Finding {
  const least = wanted.replace(/^\D+/, '');
  if (isAtLeast(running, least)) return ok('Node.js', `${running} (${least} or newer is needed)`);
  const advice = `install ${least} or newer from https://nodejs.org`;
  return fail('Node.js', `${running} is too old`, advice);
}
