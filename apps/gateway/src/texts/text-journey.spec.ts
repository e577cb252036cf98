import { FailureLog, type TextAnswer } from '@candlekeep/candle-cache';
import { ManualClock } from '@candlekeep/clock';
import { CandlekeepError } from '@candlekeep/market';
import { LogRecorder } from '../../../../test/support/log-recorder';
import { TextAnswers } from './text-answers';
import type { TextWish } from './text-question';

class Away extends CandlekeepError {
  readonly code = 'EXCHANGE_UNAVAILABLE';
  readonly retryable = true;
}

type Loads = 'at once' | 'never' | 'fails' | 'sets the clock back';

/** The real journey over a cache in memory and an exchange that prints the time. */
function houseOf() {
  const clock = new ManualClock();
  let answer: TextAnswer | undefined;
  const demands: unknown[] = [];
  /** `setBackMs`: by how much the cache server's clock is behind what it was. */
  const state: { loads: Loads; setBackMs: number } = { loads: 'at once', setBackMs: 0 };
  const cache = {
    find: () =>
      Promise.resolve({
        nowMs: clock.nowMs() - state.setBackMs,
        ...(answer === undefined ? {} : { answer }),
      }),
  };
  const requester = {
    request: async (_job: unknown, demand: unknown) => {
      demands.push(demand);
      if (state.loads === 'fails') throw new Away('the exchange is away');
      if (state.loads === 'sets the clock back') {
        state.setBackMs = 4_500;
        return { kind: 'no-word', collapsed: false } as const;
      }
      if (state.loads === 'never') await new Promise(() => undefined);
      answer = { status: 200, body: `at ${clock.nowMs()}`, seenAtMs: clock.nowMs() };
      return { kind: 'done', collapsed: false } as const;
    },
  };
  const log = new LogRecorder();
  const failures = new FailureLog({ clock, log });
  const texts = new TextAnswers({ cache, requester, clock, failures });
  const read = async (wish: Partial<TextWish> = {}) =>
    await texts.read(
      { kind: 'forward', path: '/v1/ticker', query: 'markets=KRW-BTC' },
      { maxAgeMs: 1_000, lane: 'chart', ...wish },
    );
  return { clock, demands, state, log, read };
}

describe('the way to a text of the exchange', () => {
  it('asks with the urgency of the caller and all the patience that is left', async () => {
    const { demands, read } = houseOf();
    expect(await read()).toMatchObject({ source: 'exchange', staleMs: 0, ageMs: 0 });
    expect(demands).toEqual([{ waitMs: 8_000, lane: 'chart' }]);
  });

  it('serves an old text at once where it may, and says by how much it is too old', async () => {
    const { clock, demands, read } = houseOf();
    const { body, asOfMs } = await read();
    await clock.advance(5_000);
    expect(await read({ maxStaleMs: 4_000 })).toMatchObject({
      ...{ body, asOfMs, source: 'l1', ageMs: 5_000, staleMs: 4_000, insteadOfError: false },
    });
    expect(demands).toHaveLength(1);
    await clock.advance(1);
    expect((await read({ maxStaleMs: 4_000 })).body).not.toBe(body);
  });

  it('serves an old text instead of an error where it may', async () => {
    const { clock, state, read } = houseOf();
    const { body } = await read();
    state.loads = 'fails';
    await clock.advance(5_000);
    expect(await read({ staleIfErrorMs: 4_000 })).toMatchObject({
      ...{ body, staleMs: 4_000, insteadOfError: true, source: 'l1' },
    });
    await expect(read({ staleIfErrorMs: 3_999 })).rejects.toMatchObject({
      code: 'EXCHANGE_UNAVAILABLE',
    });
  });

  it('leaves the error that it spared a caller in the log, once, and how often it was so', async () => {
    const { clock, state, log, read } = houseOf();
    await read();
    state.loads = 'fails';
    await clock.advance(5_000);
    for (let i = 0; i < 3; i += 1) await read({ staleIfErrorMs: 4_000 });
    expect(log.lines).toMatchObject([
      { level: 'warn', fields: { reason: 'EXCHANGE_UNAVAILABLE' } },
    ]);
    state.loads = 'at once';
    await clock.advance(20_000);
    await read();
    expect(log.lines.slice(1)).toMatchObject([{ level: 'info', fields: { times: 3 } }]);
  });

  it('labels an old text as too old when the clock was set back on the way', async () => {
    const { clock, state, read } = houseOf();
    await read();
    state.loads = 'sets the clock back';
    await clock.advance(5_000);
    expect(await read({ maxStaleMs: 3_000 })).toMatchObject({ ageMs: 500, staleMs: 1 });
  });

  it('gives up at its deadline, however long the way takes', async () => {
    const { clock, state, read } = houseOf();
    const { body } = await read();
    state.loads = 'never';
    await clock.advance(5_000);
    const patient = Promise.allSettled([read(), read({ staleIfErrorMs: 60_000 })]);
    await clock.advance(8_000);
    expect(await patient).toMatchObject([
      { status: 'rejected', reason: { code: 'LOAD_TOO_SLOW' } },
      {
        status: 'fulfilled',
        value: { body, ageMs: 13_000, staleMs: 12_000, insteadOfError: true },
      },
    ]);
  });

  it('waits no longer than the caller does', async () => {
    const { clock, demands, state, read } = houseOf();
    state.loads = 'never';
    const impatient = Promise.allSettled([read({ patienceMs: 1_500 })]);
    await clock.advance(0);
    await clock.advance(1_500);
    expect(await impatient).toMatchObject([{ reason: { code: 'LOAD_TOO_SLOW' } }]);
    expect(demands).toEqual([{ waitMs: 1_500, lane: 'chart' }]);
  });

  it('asks nobody when told so, and serves what is known only as old as was accepted', async () => {
    const { clock, demands, read } = houseOf();
    await read();
    await clock.advance(3_000);
    const onlyIfCached = true;
    await expect(read({ onlyIfCached, staleIfErrorMs: 60_000 })).rejects.toMatchObject({
      code: 'NOT_CACHED',
    });
    expect(await read({ onlyIfCached, maxStaleMs: 60_000 })).toMatchObject({ staleMs: 2_000 });
    expect(demands).toHaveLength(1);
  });
});
