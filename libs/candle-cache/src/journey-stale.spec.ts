import { ManualClock } from '@candlekeep/clock';
import { parseMarketCode, Timeframe } from '@candlekeep/market';
import { MemoryHouse } from '../../../test/support/memory-house';
import { busyTape } from '../../../test/support/tape';
import { TapeExchange } from '../../../test/support/tape-exchange';
import { UnsteadyExchange } from '../../../test/support/unsteady-exchange';
import { NotCached } from './cache-errors';
import { type CandleQuery, LATEST_MS } from './candle-query';

const MINUTE = 60_000;
const market = parseMarketCode('KRW-BTC');
const series = { market, timeframe: Timeframe.parse('1m') };
const START_MS = Date.UTC(2026, 0, 3, 9, 0, 2);

/** A house whose L1 has just seen the newest five minutes, and an exchange to be disturbed. */
async function warmHouse() {
  const clock = new ManualClock(START_MS);
  const tape = new TapeExchange(new Map([[market, busyTape(Date.UTC(2026, 0, 1))]]), clock);
  const exchange = new UnsteadyExchange(tape);
  const house = new MemoryHouse(exchange, clock);
  const ask = async (more: Partial<CandleQuery> = {}) =>
    await house.cache.read({
      ...{ series, beforeMs: LATEST_MS, count: 5, maxAgeMs: 1_000, onlyIfCached: false },
      ...more,
    });
  const warm = await ask();
  return { clock, tape, exchange, house, ask, warm };
}

describe('a journey that may end with an old answer', () => {
  it('ends at once where the age is accepted, and says by how much it is too old', async () => {
    const { clock, tape, ask, warm } = await warmHouse();
    await clock.advance(5_000);
    expect(await ask({ maxStaleMs: 4_000 })).toEqual({
      ...{ rows: warm.rows, source: 'l1', collapsed: false, finalUntilMs: warm.finalUntilMs },
      ...{ asOfMs: START_MS, ageMs: 5_000, staleMs: 4_000, insteadOfError: false },
    });
    expect(tape.calls).toHaveLength(1);
    expect(await ask({ maxStaleMs: 3_999 })).toMatchObject({
      staleMs: 0,
      asOfMs: START_MS + 5_000,
    });
    expect(tape.calls).toHaveLength(2);
  });

  it.each<[string, 'down' | (() => Error)]>([
    ['the exchange is down', 'down'],
    ['the queue is away', () => new Error('Connection is closed.')],
  ])('ends with what is known when %s and the caller takes it', async (_, mood) => {
    const { clock, exchange, ask, warm } = await warmHouse();
    exchange.mood = mood;
    await clock.advance(5_000);
    expect(await ask({ staleIfErrorMs: 4_000 })).toMatchObject({
      ...{ rows: warm.rows, source: 'l1', asOfMs: START_MS, staleMs: 4_000, insteadOfError: true },
    });
    await expect(ask({ staleIfErrorMs: 3_999 })).rejects.toThrow();
    await expect(ask()).rejects.toThrow();
  });

  it('ends with what L1 has when L2 is away as well', async () => {
    const { clock, exchange, house, ask, warm } = await warmHouse();
    exchange.mood = 'down';
    jest.spyOn(house.store, 'read').mockRejectedValue(new Error('no connection'));
    jest.spyOn(house.store, 'readCoverages').mockRejectedValue(new Error('no connection'));
    await clock.advance(5_000);
    expect((await ask({ staleIfErrorMs: MINUTE })).rows).toEqual(warm.rows);
  });

  it('ends with what was seen before L1 went away', async () => {
    const { clock, exchange, house, ask, warm } = await warmHouse();
    await clock.advance(5_000);
    exchange.mood = () => {
      jest.spyOn(house.window, 'read').mockRejectedValue(new Error('no connection'));
      return new Error('the exchange is away');
    };
    expect((await ask({ staleIfErrorMs: MINUTE })).rows).toEqual(warm.rows);
    await expect(ask({ staleIfErrorMs: MINUTE })).rejects.toThrow('no connection');
  });

  it('ends at its deadline, however slow the load is, with what is known where the caller takes it', async () => {
    const { clock, exchange, ask, warm } = await warmHouse();
    exchange.mood = 'silent';
    await clock.advance(5_000);
    const patient = Promise.allSettled([ask(), ask({ staleIfErrorMs: MINUTE })]);
    await clock.advance(8_000);
    expect(await patient).toMatchObject([
      { status: 'rejected', reason: { code: 'LOAD_TOO_SLOW' } },
      { status: 'fulfilled', value: { rows: warm.rows, ageMs: 13_000, staleMs: 12_000 } },
    ]);
  });

  it('ends at its deadline when L2 hangs', async () => {
    const { clock, house, ask } = await warmHouse();
    jest.spyOn(house.store, 'read').mockReturnValue(new Promise(() => undefined));
    const patient = ask({ beforeMs: START_MS - 500 * MINUTE - 2_000 });
    const refused = expect(patient).rejects.toThrow(
      'Postgres did not say within 8000 ms what it holds of KRW-BTC:1m; ask again, and see what keeps Postgres busy',
    );
    await clock.advance(8_000);
    await refused;
  });

  it('heeds what the exchange itself says no to, and the caller who forbade to ask', async () => {
    const { clock, exchange, ask } = await warmHouse();
    await clock.advance(5_000);
    await expect(ask({ onlyIfCached: true, staleIfErrorMs: MINUTE })).rejects.toThrow(NotCached);
    expect(await ask({ onlyIfCached: true, maxStaleMs: MINUTE })).toMatchObject({ staleMs: 4_000 });
    exchange.mood = () => new NotCached(series);
    await expect(ask({ staleIfErrorMs: MINUTE })).rejects.toThrow(NotCached);
  });

  it('serves closed candles that are known as ever, and invents nothing where L1 was lost', async () => {
    const { clock, exchange, house, ask } = await warmHouse();
    exchange.mood = 'down';
    await clock.advance(5_000);
    const closed = { beforeMs: START_MS - 2_000 - 3 * MINUTE };
    const known = await ask(closed);
    expect(known).toMatchObject({ staleMs: 0, ageMs: 0, insteadOfError: false });
    house.restart();
    expect((await ask(closed)).rows).toEqual(known.rows);
    await expect(ask({ staleIfErrorMs: MINUTE })).rejects.toMatchObject({
      code: 'EXCHANGE_UNAVAILABLE',
    });
  });

  it('has loads made as urgent as its caller is, for as long as that one waits', async () => {
    const { clock, house, ask } = await warmHouse();
    await clock.advance(5_000);
    await ask({ caller: 'chart' });
    expect(house.loads.map(({ demand }) => demand)).toEqual([
      { waitMs: 8_000, lane: 'bot' },
      { waitMs: 8_000, lane: 'chart' },
    ]);
  });
});
