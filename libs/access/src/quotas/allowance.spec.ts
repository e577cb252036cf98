import { ManualClock } from '@candlekeep/clock';
import { silentLogger } from '@candlekeep/telemetry';
import { Allowance } from './allowance';
import { quotaOf } from './quota';
import type { Draw } from './row-counters';

const granted: Draw = { kind: 'granted', remaining: 5_000, resetMs: 60_000 };
const spent: Draw = { kind: 'spent', window: 'burst', retryAfterMs: 2_500 };

/** An allowance of 10,000 rows a minute, so 50 an allotment, over counters that answer as they are told. */
function allowanceOver(...draws: readonly Draw[]) {
  const clock = new ManualClock();
  const asked: string[] = [];
  const answers = [...draws];
  const allowance = new Allowance({
    ...{ keyId: 'abcd2345', quota: quotaOf(10_000), clock, log: silentLogger },
    counters: {
      draw: (_id, rows) => {
        asked.push(`draw ${rows}`);
        return Promise.resolve(answers.shift() ?? granted);
      },
      settle: (_id, rows) => {
        asked.push(`settle ${rows}`);
        return Promise.resolve();
      },
    },
  });
  return { allowance, asked, clock };
}

describe('what a key may still be answered', () => {
  it('is drawn by the allotment and spent in memory, the next one early', async () => {
    const { allowance, asked } = allowanceOver();
    expect(await allowance.admit()).toEqual({ kind: 'granted' });
    for (let i = 0; i < 20; i += 1) expect(allowance.admit()).toEqual({ kind: 'granted' });
    expect(asked).toEqual(['draw 50']);
    for (let i = 0; i < 10; i += 1) expect(allowance.admit()).toEqual({ kind: 'granted' });
    expect(asked).toEqual(['draw 50', 'draw 50']);
  });

  it('is one draw for all who wait for it', async () => {
    const { allowance, asked } = allowanceOver();
    const admissions = await Promise.all(
      Array.from({ length: 40 }, async () => await allowance.admit()),
    );
    expect(admissions.every(({ kind }) => kind === 'granted')).toBe(true);
    expect(asked).toEqual(['draw 50']);
  });

  it('goes below nothing by a long answer, which is settled before more is drawn', async () => {
    const { allowance, asked } = allowanceOver();
    await allowance.admit();
    allowance.pay(1_000);
    expect(await allowance.admit()).toEqual({ kind: 'granted' });
    expect(asked).toEqual(['draw 50', 'settle 950', 'draw 50']);
  });

  it('is refused without asking anybody until the window is over', async () => {
    const { allowance, asked, clock } = allowanceOver(spent);
    expect(await allowance.admit()).toEqual({ kind: 'spent', retryAfterMs: 2_500 });
    await clock.advance(1_000);
    expect(await allowance.admit()).toEqual({ kind: 'spent', retryAfterMs: 1_500 });
    expect(allowance.standing()).toEqual({ window: 'burst', rows: 0, resetSeconds: 2 });
    expect(asked).toEqual(['draw 50']);
    await clock.advance(1_500);
    expect(await allowance.admit()).toEqual({ kind: 'granted' });
  });

  it('is told as rows of the minute, with those that are drawn already', async () => {
    const { allowance, clock } = allowanceOver();
    expect(allowance.standing()).toEqual({ window: 'sustained', rows: 10_000, resetSeconds: 0 });
    await allowance.admit();
    allowance.pay(11);
    await clock.advance(10_000);
    expect(allowance.standing()).toEqual({ window: 'sustained', rows: 5_039, resetSeconds: 50 });
  });

  it('is paid for what is told unasked without waiting, and nothing is told while it is spent', async () => {
    const { allowance, asked, clock } = allowanceOver(granted, spent);
    expect(allowance.mayTell()).toBe(true);
    allowance.payTold(1);
    expect(allowance.mayTell()).toBe(false);
    await clock.advance(0);
    expect(allowance.mayTell()).toBe(true);
    for (let row = 0; row < 50; row += 1) allowance.payTold(1);
    await clock.advance(0);
    expect(allowance.mayTell()).toBe(false);
    expect(asked).toEqual(['settle 1', 'draw 50', 'draw 50']);
    await clock.advance(2_500);
    expect(allowance.mayTell()).toBe(true);
  });
});
