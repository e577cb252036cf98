import { parseEnv as parseLiveEnv } from '../../apps/live/src/env';
import { parseSettings } from '../../apps/standalone/src/env';
import { parseEnv as parseWorkerEnv } from '../../apps/worker/src/env';

const NEEDED = { REDIS_URL: 'redis://127.0.0.1:6379', DATABASE_URL: 'postgres://127.0.0.1/ck' };
const CAPS = ['0', '600', '9999999', '', ' ', ' 60', '0x10', '1e3', '-1', '6.5', '12345678', '６'];
const NAMES = ['default', 'a.b_c-1', '', 'x'.repeat(64), 'x'.repeat(65), 'a b', 'a:b', 'ä', '{a}'];
const MARKETS = [
  ...['*', ' * ', '', ' ', ',', 'all', '*,KRW-BTC', '**', 'KRW-BTC', ' KRW-BTC ', 'krw-btc'],
  ...['KRW-BTC,KRW-ETH', 'KRW-BTC , BTC-ETH', 'KRW-BTC,', ',KRW-BTC', 'KRW-BTC KRW-ETH', 'KRW'],
  ...['KRW-BTC,KRW-BTC', 'K-BTC', 'KRW-', `KRW-${'X'.repeat(21)}`, 'KRW-BTC\n', 'KRW-ß'],
];

/** `standalone` may look at no room but the clock, so it has rules of its own for what it hands to the others. */
describe('what npm start lets pass is what a worker takes', () => {
  it.each([
    ...CAPS.flatMap((value) => [
      ['LIMIT_PER_MINUTE', value],
      ['LIMIT_PER_HOUR', value],
      ['PRELOAD_CALLS_PER_HOUR', value],
    ]),
    ...NAMES.map((value) => ['EGRESS_ID', value]),
  ])('%s="%s"', (name, value) => {
    const isTaken = accepts(() => parseWorkerEnv({ ...NEEDED, [name]: value }));
    expect(accepts(() => parseSettings({ [name]: value }, []))).toBe(isTaken);
  });
});

describe('what npm start lets pass is what live takes', () => {
  it.each(MARKETS)('LIVE_MARKETS="%s"', (value) => {
    const isTaken = accepts(() => parseLiveEnv({ ...NEEDED, LIVE_MARKETS: value }));
    expect(accepts(() => parseSettings({ LIVE_MARKETS: value }, []))).toBe(isTaken);
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
