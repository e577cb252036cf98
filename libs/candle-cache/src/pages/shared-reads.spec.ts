import { ManualClock } from '@candlekeep/clock';
import { parseMarketCode, Timeframe } from '@candlekeep/market';
import { type CandleAnswer, type CandleQuery, LATEST_MS } from '../candle-query';
import { EncodedPages } from './encoded-pages';

const series = { market: parseMarketCode('KRW-BTC'), timeframe: Timeframe.parse('1m') };
const query: CandleQuery = {
  ...{ series, beforeMs: LATEST_MS, count: 2, maxAgeMs: 1_000, onlyIfCached: false },
};

/** Reads that end when the test says so, each with its number as body. */
function setUp(maxBytes = 100_000) {
  const clock = new ManualClock(Date.UTC(2026, 0, 3, 9));
  const reads: { answer: (more?: Partial<CandleAnswer>) => void; fail: (error: Error) => void }[] =
    [];
  const read = async (): Promise<CandleAnswer> =>
    await new Promise((resolve, reject) => {
      const asOfMs = clock.nowMs();
      const answer: CandleAnswer = {
        ...{ rows: [], source: 'l1', collapsed: false, finalUntilMs: 0, asOfMs, ageMs: 0 },
        ...{ staleMs: 0, insteadOfError: false },
      };
      reads.push({
        answer: (more) => {
          resolve({ ...answer, ...more });
        },
        fail: reject,
      });
    });
  const pages = new EncodedPages({ candles: { read }, clock, maxBytes });
  pages.back();
  const answerOf = async (wish: Partial<CandleQuery> = {}) => {
    const number = String(reads.length + 1);
    const encode = () => ({ body: Buffer.from(number), entityTag: number });
    return await pages.read({ query: { ...query, ...wish }, form: 'number', encode });
  };
  const ask = async (wish?: Partial<CandleQuery>) => (await answerOf(wish)).body.toString();
  const tell = (kind: 'sight' | 'revision'): void => {
    const { market } = series;
    pages.changed(
      kind === 'sight' ? { kind, market } : { kind, market, series: 'x', revision: '2' },
    );
  };
  return { clock, pages, reads, ask, answerOf, tell };
}

describe('reads of one page at once', () => {
  it('are one, for whoever asks under the same terms at about the same time', async () => {
    const { clock, reads, ask } = setUp();
    const answers = [ask(), ask(), ask({ caller: 'chart' }), ask({ maxAgeMs: 0 })];
    await clock.advance(100);
    answers.push(ask());
    await clock.advance(1);
    answers.push(ask());
    expect(reads).toHaveLength(4);
    for (const { answer } of reads) answer();
    expect(await Promise.all(answers)).toEqual(['1', '1', '2', '3', '1', '4']);
  });

  it('say of those who joined that they did', async () => {
    const { reads, answerOf } = setUp();
    const answers = [answerOf(), answerOf()];
    reads[0]?.answer({ source: 'exchange' });
    expect(await Promise.all(answers)).toMatchObject([{ collapsed: false }, { collapsed: true }]);
  });

  it.each<[string, (rig: ReturnType<typeof setUp>) => void, Partial<CandleQuery>]>([
    [
      'a correction',
      ({ tell }) => {
        tell('revision');
      },
      { beforeMs: 1 },
    ],
    [
      'a newer sight',
      ({ tell }) => {
        tell('sight');
      },
      {},
    ],
    [
      'that changes are heard no longer',
      ({ pages }) => {
        pages.lost();
      },
      { beforeMs: 1 },
    ],
  ])('are not for one who comes after %s was told', async (_, happen, wish) => {
    const rig = setUp();
    const first = rig.ask(wish);
    happen(rig);
    const second = rig.ask(wish);
    expect(rig.reads).toHaveLength(2);
    for (const { answer } of rig.reads) answer({ finalUntilMs: wish.beforeMs ?? 0 });
    expect(await Promise.all([first, second])).toEqual(['1', '2']);
  });

  it('are not for one who had joined when a correction was told: he reads for himself, with others', async () => {
    const { reads, ask, tell } = setUp();
    const asked = [ask(), ask(), ask()];
    tell('revision');
    reads[0]?.answer();
    expect(await asked[0]).toBe('1');
    expect(reads).toHaveLength(2);
    reads[1]?.answer();
    expect(await Promise.all(asked)).toEqual(['1', '2', '2']);
  });

  it('are not for one who takes a younger sight only', async () => {
    const { clock, reads, ask } = setUp();
    const first = ask({ maxAgeMs: 50 });
    await clock.advance(20);
    const second = ask({ maxAgeMs: 50 });
    reads[0]?.answer({ ageMs: 31 });
    expect(await first).toBe('1');
    expect(reads).toHaveLength(2);
    reads[1]?.answer();
    expect(await second).toBe('2');
  });

  it('fail for all of them, so that nobody waits longer than one patience', async () => {
    const { clock, reads, ask } = setUp();
    const first = ask();
    await clock.advance(10);
    const second = ask();
    reads[0]?.fail(new Error('out of patience'));
    await expect(first).rejects.toThrow('out of patience');
    await expect(second).rejects.toThrow('out of patience');
    expect(reads).toHaveLength(1);
  });

  it('are not shared where no pages are kept', async () => {
    const { reads, ask } = setUp(0);
    const answers = [ask(), ask()];
    expect(reads).toHaveLength(2);
    for (const { answer } of reads) answer();
    expect(await Promise.all(answers)).toEqual(['1', '2']);
  });
});
