import { parseMarketCode, Timeframe } from '@candlekeep/market';
import { loadReport } from './load-report';
import { Tally } from './tally';

const subject = {
  ...{ market: parseMarketCode('KRW-BTC'), timeframe: Timeframe.parse('1m') },
  isClosedOnly: false,
};

describe('what became of the questions', () => {
  it('is told by rank, by source and by failure', () => {
    const tally = new Tally();
    for (let ms = 100; ms >= 1; ms -= 1) tally.answered(ms, ['l1', ms > 90 ? 'exchange' : 'l1']);
    for (const message of ['a', 'b', 'b']) tally.failed(new Error(message));
    expect(tally.figures()).toEqual({
      ...{ answered: 100, p50Ms: 50, p99Ms: 99, longestMs: 100 },
      sources: [
        ['l1', 190],
        ['exchange', 10],
      ],
      errors: [
        ['b', 2],
        ['a', 1],
      ],
    });
  });

  it('is read in a few lines', () => {
    const tally = new Tally();
    for (const ms of [1, 2, 3]) tally.answered(ms, ['l1', ms === 3 ? 'exchange' : 'l1']);
    tally.failed(new Error('the gateway answered 503'));
    const run = { ...tally.figures(), instances: 2, tookMs: 1_500, questions: 2 };
    expect(loadReport(subject, { instances: 2, seconds: 1, everyMs: 250 }, run)).toBe(
      [
        '2 calculators on KRW-BTC 1m for 1.5 s, each asking every 250 ms',
        '  requests  3 answered, 2.0 a second, 2 series in each',
        '  answer    p50 2.00 ms, p99 3.00 ms, longest 3.00 ms',
        '  sources   l1 83.3 %, exchange 16.7 %',
        '  errors    1',
        '    1 x the gateway answered 503',
      ].join('\n'),
    );
  });

  it('is honest about no answer at all', () => {
    const run = { ...new Tally().figures(), instances: 1, tookMs: 1_000, questions: 2 };
    const report = loadReport(subject, { instances: 1, seconds: 1 }, run);
    expect(report).toContain('1 calculator on KRW-BTC 1m for 1.0 s, each asking as soon as it has');
    expect(report).toContain('  answer    none');
    expect(report).toContain('  sources   none');
  });
});
