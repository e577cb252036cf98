import { ManualClock } from '@candlekeep/clock';
import { HeldTerm, TermOver } from './held-term';

describe('a term of a lease', () => {
  const clock = new ManualClock();
  const grant = { holder: 'me', token: 7, safeMs: 4_500 };
  const begin = (sentAtMs = clock.monotonicMs()): HeldTerm => {
    const term = new HeldTerm(clock, { ...grant, sentAtMs });
    void term.watch();
    return term;
  };
  const endOf = ({ signal }: HeldTerm): string | undefined =>
    signal.reason instanceof TermOver ? signal.reason.kind : undefined;

  it('lasts from before the call that gave it', async () => {
    const term = begin(clock.monotonicMs() - 1_000);
    await clock.advance(3_499);
    expect(term.signal.aborted).toBe(false);
    await clock.advance(1);
    expect(endOf(term)).toBe('ran-out');
  });

  it('never begins when the answer took longer than it lasts', () => {
    expect(endOf(begin(clock.monotonicMs() - 4_500))).toBe('ran-out');
  });

  it('lasts longer with each renewal, counted from when that was sent', async () => {
    const term = begin();
    for (let renewal = 0; renewal < 10; renewal += 1) {
      const sentAtMs = clock.monotonicMs();
      await clock.advance(2_000);
      term.prolong(sentAtMs + 1_500);
    }
    expect(term.signal.aborted).toBe(false);
    await clock.advance(3_999);
    expect(term.signal.aborted).toBe(false);
    await clock.advance(1);
    expect(endOf(term)).toBe('ran-out');
  });

  it('is not shortened by the late answer of an early renewal', async () => {
    const term = begin();
    const sentAtMs = clock.monotonicMs();
    await clock.advance(4_000);
    term.prolong(clock.monotonicMs());
    term.prolong(sentAtMs);
    await clock.advance(4_499);
    expect(term.signal.aborted).toBe(false);
  });

  it('is over for a process that was paused, though the answer to its renewal comes before its timer', async () => {
    const paused = new HeldTerm(clock, { ...grant, sentAtMs: clock.monotonicMs() });
    await clock.advance(60_000);
    paused.prolong(clock.monotonicMs());
    expect(endOf(paused)).toBe('ran-out');
  });

  it('is given up for a newer token, which it remembers', () => {
    const [told, untold] = [begin(), begin()];
    told.depose(12);
    untold.depose();
    expect([told, untold].map(endOf)).toEqual(['deposed', 'deposed']);
    expect([told.seenToken, untold.seenToken]).toEqual([12, 7]);
  });

  it('tells the first reason for which it ended, and ends once', async () => {
    const term = begin();
    let ends = 0;
    term.signal.addEventListener('abort', () => (ends += 1));
    term.end('lost', 'another has it');
    term.depose();
    await clock.advance(10_000);
    expect([endOf(term), ends]).toEqual(['lost', 1]);
  });
});
