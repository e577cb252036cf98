import { parseMarketCode, Timeframe } from '@candlekeep/market';
import { parseEntry } from './note-entry';
import { questionText, type UsageQuestion } from './usage-question';

const question: UsageQuestion = {
  ...{ caller: '2001:db8::1', count: 200, back: 1_767_262_020, maxAgeMs: 2_147_483_648_000 },
  series: { market: parseMarketCode('KRW-BTC'), timeframe: Timeframe.parse('1s') },
};

const fields = (change: Readonly<Record<string, string>> = {}) =>
  Object.entries({
    ...{
      question: questionText(question),
      times: '3',
      at: '1767225600250',
      by: 'gateway',
      no: '7',
    },
    ...change,
  }).flat();

describe('an entry of the stream of notes', () => {
  it('is read as it was written', () => {
    expect(parseEntry(fields())).toEqual({
      ...{ by: 'gateway', no: 7 },
      note: { ...question, atMs: 1_767_225_600_250, times: 3 },
    });
  });

  it.each([
    { question: 'desk KRW-BTC 15m 60 0' },
    { question: 'desk KRW-BTC 15m 60 0 1000 9' },
    { question: 'two words KRW-BTC 15m 60 0 1000' },
    { question: ' KRW-BTC 15m 60 0 1000' },
    { question: 'desk BTC 15m 60 0 1000' },
    { question: 'desk KRW-BTC 16m 60 0 1000' },
    { question: 'desk KRW-BTC 15m 201 0 1000' },
    { question: 'desk KRW-BTC 15m 60 -1 1000' },
    { question: 'desk KRW-BTC 15m 60 0 NaN' },
    { question: `${'x'.repeat(65)} KRW-BTC 15m 60 0 1000` },
    { times: '0' },
    { times: '1.5' },
    { at: 'now' },
    { by: '' },
    { no: '0' },
    { no: 'x' },
  ])('with %j is none', (change) => {
    expect(() => parseEntry(fields(change))).toThrow();
  });

  it('without its fields is none', () => {
    expect(() => parseEntry([])).toThrow();
    expect(() => parseEntry(['question'])).toThrow();
  });
});
