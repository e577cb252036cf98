import { ManualClock } from '@candlekeep/clock';
import { parseMarketCode, Timeframe } from '@candlekeep/market';
import fc from 'fast-check';
import { MemoryHouse } from '../../../test/support/memory-house';
import { SeededRandom } from '../../../test/support/seeded-random';
import { busyTape, thinTape } from '../../../test/support/tape';
import { TapeExchange } from '../../../test/support/tape-exchange';
import { UnsteadyExchange } from '../../../test/support/unsteady-exchange';
import { type CandleAnswer, type CandleQuery, LATEST_MS } from './candle-query';

const DAY = 86_400_000;
const START_MS = Date.UTC(2026, 0, 3, 8, 59, 40);
const market = parseMarketCode('KRW-BTC');
const span = { listedMs: START_MS - 3 * DAY, untilMs: START_MS + DAY };

const allowance = fc.constantFrom(0, 0, 20_000, 3_600_000);
const step = fc.record({
  waitMs: fc.oneof(fc.integer({ min: 1_000, max: 40_000 }), fc.nat(900_000)),
  mood: fc.constantFrom('answers', 'answers', 'down'),
  isStoreAway: fc.boolean(),
  losesWindow: fc.nat(9).map((die) => die === 0),
  code: fc.constantFrom('1m', '5m', '60m', '1d'),
  back: fc.option(fc.nat(50), { freq: 1 }),
  count: fc.integer({ min: 1, max: 60 }),
  maxAgeMs: fc.constantFrom(0, 1_000, 1_000, 60_000),
  maxStaleMs: allowance,
  staleIfErrorMs: allowance,
});

/** The real journey and worker over an exchange, and an L2, that come and go. */
function unsteadyHouse(isThin: boolean) {
  const clock = new ManualClock(START_MS);
  const tape = isThin ? thinTape(span, 0.2, new SeededRandom(7)) : busyTape(span.listedMs);
  const truth = new TapeExchange(new Map([[market, tape]]), clock);
  const exchange = new UnsteadyExchange(truth);
  const house = new MemoryHouse(exchange, clock);
  const away = { store: false };
  const { store } = house;
  const [read, readCoverages] = [store.read.bind(store), store.readCoverages.bind(store)];
  const unlessAway = async <T>(work: () => Promise<T>): Promise<T> => {
    if (away.store) throw new Error('L2 is away');
    return await work();
  };
  jest.spyOn(store, 'read').mockImplementation((...asked) => unlessAway(() => read(...asked)));
  jest
    .spyOn(store, 'readCoverages')
    .mockImplementation((asked) => unlessAway(() => readCoverages(asked)));
  return { clock, truth, exchange, house, away };
}

type Asked = CandleQuery & { readonly maxStaleMs: number; readonly staleIfErrorMs: number };

function expectLabelled(query: Asked, answer: CandleAnswer, nowMs: number): void {
  const { asOfMs, ageMs, staleMs, insteadOfError } = answer;
  expect(ageMs).toBe(nowMs - asOfMs);
  expect(staleMs).toBe(Math.max(0, ageMs - query.maxAgeMs));
  const { maxStaleMs, staleIfErrorMs } = query;
  expect(staleMs).toBeLessThanOrEqual(Math.max(maxStaleMs, staleIfErrorMs));
  if (staleMs > maxStaleMs) expect(insteadOfError).toBe(true);
  if (staleMs === 0) expect(insteadOfError).toBe(false);
}

describe('an old answer', () => {
  it('is what the exchange would have answered at its as-of, whatever is away, and never older than accepted', async () => {
    const seen = { stale: 0, instead: 0, errors: 0 };
    const history = fc.array(step, { minLength: 4, maxLength: 16 });
    await fc.assert(
      fc.asyncProperty(fc.boolean(), history, async (isThin, steps) => {
        const { clock, truth, exchange, house, away } = unsteadyHouse(isThin);
        for (const { waitMs, mood, isStoreAway, losesWindow, code, back, ...more } of steps) {
          await clock.advance(waitMs);
          exchange.mood = mood === 'down' ? 'down' : 'answers';
          away.store = isStoreAway && mood === 'down';
          if (losesWindow) house.restart();
          const timeframe = Timeframe.parse(code);
          const nowMs = clock.nowMs();
          const beforeMs = back === null ? LATEST_MS : timeframe.shift(nowMs, 1 - back);
          const query = { ...more, series: { market, timeframe }, beforeMs, onlyIfCached: false };
          const answer = await house.cache.read(query).catch(() => undefined);
          if (answer === undefined) {
            expect(mood).toBe('down');
            seen.errors += 1;
            continue;
          }
          expect(answer.rows).toEqual(truth.show(query.series, query, answer.asOfMs));
          expectLabelled(query, answer, nowMs);
          if (answer.staleMs > more.maxStaleMs) expect(mood).toBe('down');
          if (answer.staleMs > 0) seen[answer.insteadOfError ? 'instead' : 'stale'] += 1;
        }
      }),
      { numRuns: 150 },
    );
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(10);
  });
});
