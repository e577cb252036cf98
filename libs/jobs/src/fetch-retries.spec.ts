import { ManualClock } from '@candlekeep/clock';
import { CandlekeepError } from '@candlekeep/market';
import { retryUntilDeadline } from './fetch-retries';

class Passing extends CandlekeepError {
  readonly code = 'PASSING';
  readonly retryable = true;

  constructor(override readonly retryAfterMs: number) {
    super('passing');
  }
}

class Lasting extends CandlekeepError {
  readonly code = 'LASTING';
  readonly retryable = false;
}

describe('attempts at a fetch', () => {
  const run = async (errors: readonly Error[], untilMonotonicMs: number) => {
    const clock = new ManualClock();
    const stop = new AbortController();
    const atMs: number[] = [];
    const left = [...errors];
    const attempt = async (): Promise<void> => {
      atMs.push(clock.monotonicMs());
      const error = left.shift();
      if (error !== undefined) throw error;
      await Promise.resolve();
    };
    const ended = retryUntilDeadline(attempt, {
      ...{ urgency: { untilMonotonicMs }, signal: stop.signal, clock, onRetry: () => undefined },
    });
    const outcome = ended.then(
      () => 'done',
      (error: unknown) => error,
    );
    await clock.advance(0);
    return { clock, stop, atMs, outcome };
  };

  it('wait with doubled jitter between them', async () => {
    const { clock, atMs, outcome } = await run([new Error('a'), new Error('b')], 60_000);
    await clock.advance(1_000);
    expect(await outcome).toBe('done');
    expect(atMs).toEqual([0, 150, 450]);
  });

  it('are three, and the last error is the reason', async () => {
    const last = new Error('c');
    const { clock, atMs, outcome } = await run([new Error('a'), new Error('b'), last], 60_000);
    await clock.advance(1_000);
    expect(await outcome).toBe(last);
    expect(atMs).toHaveLength(3);
  });

  it('do not begin before the exchange can be asked again', async () => {
    const { clock, atMs, outcome } = await run([new Passing(2_000)], 60_000);
    await clock.advance(3_000);
    expect(await outcome).toBe('done');
    expect(atMs).toEqual([0, 2_150]);
  });

  it('do not begin after the deadline: the reason is told at once', async () => {
    const error = new Passing(2_000);
    const { atMs, outcome } = await run([error], 2_150);
    expect(await outcome).toBe(error);
    expect(atMs).toEqual([0]);
  });

  it('end with an error that trying again cannot mend', async () => {
    const error = new Lasting('lasting');
    const { atMs, outcome } = await run([error], 60_000);
    expect(await outcome).toBe(error);
    expect(atMs).toEqual([0]);
  });

  it('end when they are to stop, in the middle of a wait', async () => {
    const { stop, atMs, outcome } = await run([new Error('a')], 60_000);
    const reason = new Error('stopping');
    stop.abort(reason);
    expect(await outcome).toBe(reason);
    expect(atMs).toEqual([0]);
  });
});
