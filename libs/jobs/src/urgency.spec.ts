import { Urgency } from './urgency';

describe('the urgency of a running job', () => {
  const begun = () => {
    const urgency = new Urgency({ lane: 'chart', untilMonotonicMs: 1_000 });
    const seen: string[] = [];
    const stop = urgency.onChange(() => {
      seen.push(`${urgency.lane} ${urgency.untilMonotonicMs}`);
    });
    return { urgency, seen, stop };
  };

  it('takes the more urgent lane and the later deadline, each from whoever names it', () => {
    const { urgency, seen } = begun();
    urgency.raise({ lane: 'bot', untilMonotonicMs: 500 });
    urgency.raise({ lane: 'backfill', untilMonotonicMs: 4_000 });
    expect(seen).toEqual(['bot 1000', 'bot 4000']);
    expect([urgency.rank, urgency.untilMonotonicMs]).toEqual([0, 4_000]);
  });

  it('is not changed by less, by the same, or by a deadline that is hardly later', () => {
    const { urgency, seen } = begun();
    urgency.raise({ lane: 'backtest', untilMonotonicMs: 900 });
    urgency.raise({ lane: 'chart', untilMonotonicMs: 1_020 });
    expect(seen).toEqual([]);
    expect(urgency.untilMonotonicMs).toBe(1_000);
  });

  it('does not creep past a deadline by steps too small to tell', () => {
    const { urgency, seen } = begun();
    for (let untilMonotonicMs = 1_001; untilMonotonicMs <= 1_100; untilMonotonicMs += 1) {
      urgency.raise({ lane: 'chart', untilMonotonicMs });
    }
    expect(seen).toEqual(['chart 1021', 'chart 1042', 'chart 1063', 'chart 1084']);
  });

  it('tells nobody who has stopped to listen', () => {
    const { urgency, seen, stop } = begun();
    stop();
    urgency.raise({ lane: 'bot', untilMonotonicMs: 5_000 });
    expect(seen).toEqual([]);
  });
});
