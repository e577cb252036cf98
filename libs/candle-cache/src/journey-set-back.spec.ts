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

/** A house whose cache server's clock can be set back. */
function houseWithTurnableClock() {
  const [clock, exchangeClock] = [new TurnableClock(START_MS), new ManualClock(START_MS)];
  const tapes = new Map([[market, busyTape(Date.UTC(2026, 0, 1))]]);
  const exchange = new TapeExchange(tapes, exchangeClock);
  const { cache } = new MemoryHouse(exchange, clock);
  const ask = async (code: string, count: number, maxAgeMs: number, rest = {}) => {
    const of = { market, timeframe: Timeframe.parse(code) };
    const query = { series: of, beforeMs: LATEST_MS, count, maxAgeMs, onlyIfCached: false };
    return await cache.read({ ...query, ...rest });
  };
  const pass = async (forMs: number): Promise<void> => {
    await Promise.all([clock.advance(forMs), exchangeClock.advance(forMs)]);
  };
  return { clock, exchange, ask, pass };
}

describe('a question after the cache server’s clock was set back', () => {
  it.each([400, 2_000])(
    'by %i ms is answered from a new sight, cut to what lies beyond closed candles',
    async (ms) => {
      const { clock, exchange, ask, pass } = houseWithTurnableClock();
      await ask('1m', 5, 0);
      clock.backMs = ms;
      await pass(100);
      expect((await ask('1m', 5, 0)).rows).toHaveLength(5);
      expect(exchange.calls).toHaveLength(2);
    },
  );

  describe('between two sights of one market', () => {
    const setBack = async (ms: number) => {
      const house = houseWithTurnableClock();
      await house.ask('1m', 1, 0);
      await house.pass(70_000);
      const shown = await house.ask('60m', 200, 0, { beforeMs: LATEST_MS });
      house.clock.backMs = ms;
      return { ...house, volume: Number(shown.rows[0]?.volume) };
    };
    const volumeOf = ({ rows }: { rows: readonly { volume: string }[] }) => Number(rows[0]?.volume);

    it('does not go back to the older one, however old a sight the caller takes', async () => {
      for (const rest of [{}, { maxAgeMs: 0, maxStaleMs: 120_000 }]) {
        const { ask, volume, exchange } = await setBack(1);
        const calls = exchange.calls.length;
        expect(volumeOf(await ask('60m', 1, 120_000, rest))).toBeGreaterThanOrEqual(volume);
        expect(exchange.calls.length).toBeLessThanOrEqual(calls + 1);
      }
    });

    it('does not wait for a sight that a clock of another day has left', async () => {
      const { ask, exchange, pass } = await setBack(61_000);
      await pass(100);
      await ask('60m', 1, 60 * 60_000);
      const calls = exchange.calls.length;
      await pass(100);
      await ask('60m', 1, 60 * 60_000);
      expect(exchange.calls).toHaveLength(calls);
    });
  });
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
