import { parseSettings } from '../../apps/standalone/src/env';
import { parseEnv } from '../../apps/worker/src/env';

const NEEDED = { REDIS_URL: 'redis://127.0.0.1:6379', DATABASE_URL: 'postgres://127.0.0.1/ck' };
const CAPS = ['0', '600', '9999999', '', ' ', ' 60', '0x10', '1e3', '-1', '6.5', '12345678', '６'];
const NAMES = ['default', 'a.b_c-1', '', 'x'.repeat(64), 'x'.repeat(65), 'a b', 'a:b', 'ä', '{a}'];

/** `standalone` may look at no room but the clock, so it has rules of its own for what it hands to a worker. */
describe('what npm start lets pass is what a worker takes', () => {
  it.each([
    ...CAPS.flatMap((value) => [
      ['LIMIT_PER_MINUTE', value],
      ['LIMIT_PER_HOUR', value],
    ]),
    ...NAMES.map((value) => ['EGRESS_ID', value]),
  ])('%s="%s"', (name, value) => {
    const isTaken = accepts(() => parseEnv({ ...NEEDED, [name]: value }));
    expect(accepts(() => parseSettings({ [name]: value }, []))).toBe(isTaken);
  });
});

function accepts(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch {
    return false;
  }
}
