import { ManualClock } from '@candlekeep/clock';
import { parseMarketCode, Timeframe } from '@candlekeep/market';
import { type LearnedUsage, UsageModel, type UsageNote } from '@candlekeep/usage';
import { LearnedPatterns } from './learned-patterns';

const START = Date.UTC(2026, 0, 5);
const series = { market: parseMarketCode('KRW-BTC'), timeframe: Timeframe.parse('15m') };

/** What a learner has saved after `callers` of which each asked once. */
function learnedFrom(callers: number): LearnedUsage {
  const model = new UsageModel();
  for (let i = 0; i < callers; i++) {
    const asked = { caller: `caller-${i}`, series, count: 60, back: 0, maxAgeMs: 1_000 };
    const note: UsageNote = { ...asked, atMs: START + i, times: 1 };
    model.learn(note);
  }
  return { rows: model.changes(), lastId: `${START}-${callers}`, untilMs: START };
}

function viewOf(load: () => Promise<LearnedUsage>) {
  const clock = new ManualClock(START + 60_000);
  const loads: number[] = [];
  const book = {
    load: () => {
      loads.push(clock.nowMs());
      return load();
    },
  };
  return { clock, loads, learned: new LearnedPatterns({ book, clock }) };
}

describe('the view of what was learned', () => {
  it('is that of the saved model, now', async () => {
    const { learned } = viewOf(() => Promise.resolve(learnedFrom(3)));
    const { patterns, ...when } = await learned.read();
    expect(when).toEqual({ nowMs: START + 60_000, learnedUntilMs: START });
    expect(patterns.series).toMatchObject([{ series, count: 60, share: 1 }]);
    expect(patterns.requests).toBeGreaterThan(0);
  });

  it('is read once for all who ask, and anew after five seconds', async () => {
    const { clock, loads, learned } = viewOf(() => Promise.resolve(learnedFrom(1)));
    await Promise.all([learned.read(), learned.read(), learned.read()]);
    await clock.advance(4_999);
    await learned.read();
    expect(loads).toHaveLength(1);
    await clock.advance(1);
    await Promise.all([learned.read(), learned.read()]);
    expect(loads).toHaveLength(2);
  });

  it('stays longer where it takes longer: looking costs 5 % of the time at most', async () => {
    const { clock, loads, learned } = viewOf(async () => {
      await clock.sleep(1_000);
      return learnedFrom(1);
    });
    const reading = learned.read();
    await clock.advance(1_000);
    await reading;
    await clock.advance(19_999);
    await learned.read();
    expect(loads).toHaveLength(1);
    await clock.advance(1);
    void learned.read();
    expect(loads).toHaveLength(2);
  });

  it('is read once also when that takes long', async () => {
    const { clock, loads, learned } = viewOf(() => new Promise(() => undefined));
    void learned.read();
    await clock.advance(60_000);
    void learned.read();
    expect(loads).toHaveLength(1);
  });

  it('that could not be read is tried again by whoever asks next', async () => {
    let isAway = true;
    const { loads, learned } = viewOf(() =>
      isAway ? Promise.reject(new Error('away')) : Promise.resolve(learnedFrom(1)),
    );
    const asked = [learned.read(), learned.read()];
    expect(await Promise.allSettled(asked)).toMatchObject([
      { status: 'rejected' },
      { status: 'rejected' },
    ]);
    expect(loads).toHaveLength(1);
    isAway = false;
    expect((await learned.read()).patterns.series).toHaveLength(1);
  });

  it('of many rows lets others have their turn in between', async () => {
    const { clock, learned } = viewOf(() => Promise.resolve(learnedFrom(25)));
    const reading = learned.read();
    const turn = Promise.resolve('a turn');
    await clock.advance(0);
    expect(await Promise.race([reading, turn])).toBe('a turn');
    for (let i = 0; i < 3; i++) await clock.advance(0);
    const { patterns } = await reading;
    expect(patterns.series).toHaveLength(1);
  });
});
