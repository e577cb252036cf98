import { ManualClock } from '@candlekeep/clock';
import { parseMarketCode, Timeframe } from '@candlekeep/market';
import { ToldSource } from '../../../../test/support/calculator/told-source';
import { type LoadPlan, makeLoad } from './load';

const subject = {
  ...{ market: parseMarketCode('KRW-BTC'), timeframe: Timeframe.parse('1m') },
  isClosedOnly: false,
};

/** A source that takes `ms` for each answer. */
class SlowSource extends ToldSource {
  constructor(
    private readonly clock: ManualClock,
    private readonly ms: number,
  ) {
    super();
  }

  override async getCandles(wanted: Parameters<ToldSource['getCandles']>[0]) {
    await this.clock.sleep(this.ms, wanted.signal);
    return await super.getCandles(wanted);
  }
}

function loading(plan: LoadPlan, answerMs = 10) {
  const [clock, left] = [new ManualClock(), new AbortController()];
  const sources: SlowSource[] = [];
  const open = () => {
    const source = new SlowSource(clock, answerMs);
    sources.push(source);
    return source;
  };
  return { clock, left, sources, run: makeLoad(subject, plan, { open, clock }, left.signal) };
}

describe('many calculators', () => {
  it('ask again as soon as they have their variables, each by a client of its own', async () => {
    const { clock, sources, run } = loading({ instances: 3, seconds: 1 });
    await clock.advance(2_000);
    expect(await run).toMatchObject({
      ...{ instances: 3, answered: 300, tookMs: 1_000, questions: 2, errors: [] },
      ...{ p50Ms: 10, p99Ms: 10, longestMs: 10, sources: [['l1', 600]] },
    });
    expect(sources.map(({ isClosed }) => isClosed)).toEqual([true, true, true]);
    expect(sources.map(({ asked }) => asked.length)).toEqual([202, 200, 200]);
  });

  it('keep their interval, beginning within the first', async () => {
    const { clock, run } = loading({ instances: 2, seconds: 2, everyMs: 500 });
    await clock.advance(3_000);
    expect(await run).toMatchObject({ answered: 8 });
  });

  it('count what fails and catch their breath', async () => {
    const { clock, sources, run } = loading({ instances: 1, seconds: 1 });
    await clock.advance(15);
    for (const source of sources) source.failure = new Error('the gateway answered 503');
    await clock.advance(3_000);
    const { answered, errors } = await run;
    expect(answered).toBe(0);
    expect(errors).toEqual([['the gateway answered 503', 10]]);
  });

  it('stop when somebody leaves, and count what was answered', async () => {
    const { clock, left, run } = loading({ instances: 2, seconds: 60 });
    await clock.advance(115);
    left.abort();
    await clock.advance(20);
    expect(await run).toMatchObject({ answered: 20, errors: [] });
  });

  it('do not begin when nobody answers the first question', async () => {
    const [clock, left] = [new ManualClock(), new AbortController()];
    const source = new ToldSource();
    source.failure = new Error('no answer');
    const run = makeLoad(
      subject,
      { instances: 1, seconds: 1 },
      { open: () => source, clock },
      left.signal,
    );
    await expect(run).rejects.toThrow('no answer');
    expect(source.isClosed).toBe(true);
  });
});
