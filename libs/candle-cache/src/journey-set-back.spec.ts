import { ManualClock } from '@candlekeep/clock';
import { Coverage, parseMarketCode, Timeframe } from '@candlekeep/market';
import { MemoryHouse } from '../../../test/support/memory-house';
import { busyTape } from '../../../test/support/tape';
import { TapeExchange } from '../../../test/support/tape-exchange';
import { LATEST_MS } from './candle-query';
import { planRead } from './plan-read';

const market = parseMarketCode('KRW-BTC');
const series = { market, timeframe: Timeframe.parse('1m') };
/** Half a second after a minute has settled. */
const START_MS = Date.UTC(2026, 0, 3, 9, 0, 5, 500);

class TurnableClock extends ManualClock {
  backMs = 0;

  override nowMs(): number {
    return super.nowMs() - this.backMs;
  }
}

/** A house that has just read the newest minutes, and whose cache server's clock is set back then. */
async function houseSetBackBy(ms: number) {
  const [clock, exchangeClock] = [new TurnableClock(START_MS), new ManualClock(START_MS)];
  const tapes = new Map([[market, busyTape(Date.UTC(2026, 0, 1))]]);
  const exchange = new TapeExchange(tapes, exchangeClock);
  const { cache } = new MemoryHouse(exchange, clock);
  const query = { series, beforeMs: LATEST_MS, count: 5, maxAgeMs: 0, onlyIfCached: false };
  const ask = async () => await cache.read(query);
  await ask();
  clock.backMs = ms;
  const pass = async (forMs: number): Promise<void> => {
    await Promise.all([clock.advance(forMs), exchangeClock.advance(forMs)]);
  };
  return { exchange, ask, pass };
}

describe('a question after the cache server’s clock was set back', () => {
  it.each([400, 2_000])(
    'by %i ms is answered from a new sight, cut to what lies beyond closed candles',
    async (ms) => {
      const { exchange, ask, pass } = await houseSetBackBy(ms);
      await pass(100);
      expect((await ask()).rows).toHaveLength(5);
      expect(exchange.calls).toHaveLength(2);
    },
  );
});

describe('a plan after the cache server’s clock was set back', () => {
  const nowMs = Date.UTC(2026, 0, 3, 9, 0, 3);
  const hour = { market, timeframe: Timeframe.parse('60m') };
  const query = { series: hour, beforeMs: LATEST_MS, count: 1, maxAgeMs: 0, onlyIfCached: false };
  const budget = { nowMs, freshSinceMs: nowMs, stored: new Map(), canFold: true };
  /** Hours and minutes that are known to nine o'clock, which had settled by the clock as it was. */
  const known = Coverage.of([{ fromMs: 0, untilMs: Date.UTC(2026, 0, 3, 9) }]);
  const rung = { coverage: known, covered: known, rows: [], heads: [] };

  it('says from when on a sight is of use', () => {
    const plan = planRead(
      query,
      [
        { ...rung, series: hour },
        { ...rung, series },
      ],
      budget,
    );
    expect(plan).toMatchObject({
      ...{ kind: 'refresh-head', notBeforeMs: Date.UTC(2026, 0, 3, 9, 0, 5) },
    });
  });

  it('says nothing of the kind once that time has come', () => {
    const later = { ...budget, nowMs: nowMs + 2_000 };
    const plan = planRead(
      query,
      [
        { ...rung, series: hour },
        { ...rung, series },
      ],
      later,
    );
    expect(plan).not.toHaveProperty('notBeforeMs');
  });
});
