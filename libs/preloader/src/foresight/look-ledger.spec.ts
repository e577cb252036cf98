import { parseMarketCode, Timeframe } from '@candlekeep/market';
import { SeededRandom } from '../../../../test/support/seeded-random';
import type { Ask } from './ask';
import { LookLedger } from './look-ledger';

const START_MS = Date.UTC(2026, 0, 14, 9);
const series = { market: parseMarketCode('KRW-BTC'), timeframe: Timeframe.parse('1m') };
const ASK: Ask = {
  ...{ series, count: 60, back: 0, maxAgeMs: 1_000, untilMs: START_MS, worth: 0.9 },
  ...{ source: 'habit', why: 'a habit' },
};
const NOTE = { caller: 'bot', series, count: 60, back: 0, maxAgeMs: 1_000, times: 1 };

/** Looks of which each is of use with its own chance; made when that is at least what is demanded. Says which share was in vain. */
function vainShare(chanceOf: (random: SeededRandom) => { said: number; true: number }): number {
  const [ledger, random] = [new LookLedger(), new SeededRandom(5)];
  let [made, vain] = [0, 0];
  for (let look = 0; look < 20_000; look += 1) {
    const atMs = START_MS + look * 10_000;
    const chance = chanceOf(random);
    ledger.settle(atMs);
    if (chance.said < ledger.leastWorth) continue;
    ledger.made([ASK], atMs);
    const isUsed = random.chance(chance.true);
    if (isUsed) ledger.heed({ ...NOTE, atMs: atMs + 400 });
    if (look < 5_000) continue;
    made += 1;
    if (!isUsed) vain += 1;
  }
  expect(made).toBeGreaterThan(500);
  return vain / made;
}

describe('a ledger of looks', () => {
  it('lets less than a tenth of looks be in vain where chances are as they are said', () => {
    const share = vainShare((random) => {
      const said = 0.4 + 0.6 * random.next();
      return { said, true: said };
    });
    expect(share).toBeGreaterThan(0.06);
    expect(share).toBeLessThan(0.1);
  });

  it('does so too where they are said too high', () => {
    const share = vainShare((random) => {
      const said = random.next();
      return { said, true: said ** 2 };
    });
    expect(share).toBeLessThan(0.1);
  });

  it('counts a look as used by whoever found it young enough, of whatever timeframe', () => {
    const ledger = new LookLedger();
    const before = ledger.leastWorth;
    const day = { ...series, timeframe: Timeframe.parse('1d') };
    ledger.made([ASK], START_MS);
    ledger.heed({ ...NOTE, series: day, atMs: START_MS + 999 });
    ledger.settle(START_MS + 10_000);
    expect(ledger.leastWorth).toBeLessThan(before);
    ledger.made([ASK], START_MS + 20_000);
    ledger.heed({ ...NOTE, atMs: START_MS + 21_001 });
    ledger.settle(START_MS + 30_000);
    expect(ledger.leastWorth).toBeGreaterThan(before);
  });
});
