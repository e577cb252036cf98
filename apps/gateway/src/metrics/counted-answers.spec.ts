import { Readable } from 'node:stream';
import { LATEST_MS } from '@candlekeep/candle-cache';
import { parseMarketCode, Timeframe } from '@candlekeep/market';
import type { NativeQuestion } from '../native/question/native-question';
import type { NativeAnswer, StreamedAnswer, WholeAnswer } from '../native/answers/native-answer';
import type { CountedAnswer } from './answer-tally';
import { CountedAnswers } from './counted-answers';

const series = { market: parseMarketCode('KRW-BTC'), timeframe: Timeframe.parse('1m') };
const shape = { series, closed: false, fill: 'sparse', format: 'rows' } as const;
const rest = { ...shape, columns: [], numbers: 'text' } as const;
const range = { ...rest, span: { kind: 'range', fromMs: 0, untilMs: LATEST_MS } } as const;
const newest = { ...rest, span: { kind: 'newest', count: 400, beforeMs: LATEST_MS } } as const;
const terms = { maxAgeMs: 1_000, onlyIfCached: false };

const whole: WholeAnswer = {
  ...{ kind: 'whole', contentType: 'application/json', short: null, source: 'l2' },
  ...{ body: Buffer.from('[]'), entityTag: '"x"', finalCount: 250 },
  ...{ collapsed: false, asOfMs: 0, ageMs: 7, staleMs: 0, insteadOfError: false },
};

describe('answers of our own API that are counted', () => {
  let counted: (readonly [CountedAnswer, number | undefined])[];
  beforeEach(() => {
    counted = [];
  });
  const answers = (answer: NativeAnswer) =>
    new CountedAnswers(
      { answer: () => Promise.resolve(answer), newest: () => Promise.resolve(whole) },
      { answered: (...given) => counted.push([given[0], given[1]]) },
    );
  const ask = (answer: NativeAnswer, question: NativeQuestion) =>
    answers(answer).answer(question, terms);

  it('count as many candles as were asked for', async () => {
    expect(await ask(whole, newest)).toBe(whole);
    expect(counted).toEqual([[whole, 400]]);
  });

  it('count of a range those that it came to hold', async () => {
    expect(await ask(whole, range)).toBe(whole);
    expect(counted).toEqual([[whole, 250]]);
  });

  it('count what is sent while it is read when it ends, with what was given until then', async () => {
    const given = { source: 'l2', ageMs: 0, staleMs: 0 } as const;
    let ended = 0;
    const streamed: StreamedAnswer = {
      ...{ kind: 'streamed', contentType: 'application/json', chunks: Readable.from([]) },
      end: () => (ended += 1),
      given: () => [given, 4_200],
    };
    const answer = await ask(streamed, range);
    expect([counted, ended]).toEqual([[], 0]);
    if (answer.kind === 'streamed') answer.end();
    expect([counted, ended]).toEqual([[[given, 4_200]], 1]);
  });

  it('count none that failed', async () => {
    const failing = new CountedAnswers(
      {
        answer: () => Promise.reject(new Error('away')),
        newest: () => Promise.reject(new Error('away')),
      },
      { answered: (...given) => counted.push([given[0], given[1]]) },
    );
    await expect(failing.answer(range, terms)).rejects.toThrow('away');
    await expect(failing.newest(newest, terms)).rejects.toThrow('away');
    expect(counted).toEqual([]);
  });
});
