import { ManualClock } from '@candlekeep/clock';
import { parseMarketCode, Timeframe } from '@candlekeep/market';
import { LogRecorder } from '../../../test/support/log-recorder';
import { MemoryHouse } from '../../../test/support/memory-house';
import { busyTape } from '../../../test/support/tape';
import { TapeExchange } from '../../../test/support/tape-exchange';
import { NotCached } from './cache-errors';
import { CandleCache } from './candle-cache';
import { type CandleQuery, LATEST_MS } from './candle-query';
import { CandleSource, type LoadOutcome } from './candle-source';

const market = parseMarketCode('KRW-BTC');
const series = { market, timeframe: Timeframe.parse('1m') };
const START_MS = Date.UTC(2026, 0, 3, 9, 0, 2);

/** A way to the exchange that does what the test says. */
class ScriptedSource extends CandleSource {
  then: () => LoadOutcome = () => ({ kind: 'no-word', collapsed: false });

  override async load(): Promise<LoadOutcome> {
    return await Promise.resolve(this.then());
  }
}

/** A cache over an L1 that has seen the newest minutes five seconds ago, and a source that brings nothing by itself. */
async function cacheOf() {
  const clock = new ManualClock(START_MS);
  const tape = new TapeExchange(new Map([[market, busyTape(Date.UTC(2026, 0, 1))]]), clock);
  const { cache: warming, window, store } = new MemoryHouse(tape, clock);
  const query = { series, beforeMs: LATEST_MS, count: 5, maxAgeMs: 1_000, onlyIfCached: false };
  await warming.read(query);
  await clock.advance(5_000);
  const [log, source] = [new LogRecorder(), new ScriptedSource()];
  const cache = new CandleCache({ window, store, source, clock, log });
  const ask = async (more: Partial<CandleQuery>) => await cache.read({ ...query, ...more });
  return { clock, window, log, source, ask };
}

describe('an older answer in place of an error', () => {
  const fails = (error: Error) => () => {
    throw error;
  };

  it('leaves the error in the log, once, and how often it was so', async () => {
    const { clock, log, source, ask } = await cacheOf();
    const bug = new TypeError('rows is undefined');
    source.then = fails(bug);
    for (let i = 0; i < 3; i += 1) {
      expect(await ask({ staleIfErrorMs: 60_000 })).toMatchObject({ insteadOfError: true });
    }
    expect(log.lines).toEqual([
      {
        level: 'error',
        message: 'what was known is served instead of this error',
        fields: { reason: 'TypeError: rows is undefined', error: bug },
      },
    ]);
    await clock.advance(10_000);
    await ask({ maxStaleMs: 60_000 });
    expect(log.lines.slice(1)).toMatchObject([{ level: 'info', fields: { times: 3 } }]);
  });

  it('is what the log tells of, not the error that a caller hears', async () => {
    const { log, source, ask } = await cacheOf();
    source.then = fails(new TypeError('rows is undefined'));
    await expect(ask({})).rejects.toThrow(TypeError);
    source.then = fails(new NotCached(series));
    await expect(ask({ staleIfErrorMs: 60_000 })).rejects.toThrow(NotCached);
    expect(log.lines).toEqual([]);
  });
});

describe('a cache server whose clock is set back while a load is waited for', () => {
  it('does not make an old answer a fresh one', async () => {
    const { window, source, ask } = await cacheOf();
    const read = window.read.bind(window);
    source.then = () => {
      jest.spyOn(window, 'read').mockImplementation(async (queries) => {
        const sights = await read(queries);
        return sights.map((sight) => ({ ...sight, nowMs: sight.nowMs - 4_500 }));
      });
      return { kind: 'no-word', collapsed: false };
    };
    expect(await ask({ maxStaleMs: 3_000 })).toMatchObject({
      ...{ asOfMs: START_MS, ageMs: 500, staleMs: 1, insteadOfError: false },
    });
  });
});
