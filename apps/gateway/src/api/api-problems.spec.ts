import { ManualClock } from '@candlekeep/clock';
import { LogRecorder } from '../../../../test/support/log-recorder';
import { ApiProblems } from './api-problems';
import { CallerHungUp } from './caller-left';

describe('what went wrong with a request', () => {
  it('is logged where nobody raised it on purpose', () => {
    const log = new LogRecorder();
    expect(new ApiProblems(log).of(new Error('no connection')).status).toBe(503);
    expect(log.lines).toMatchObject([{ level: 'error', message: 'a request failed' }]);
  });

  it('is one line for all that the same happens to, and one when it is over', async () => {
    const [log, clock] = [new LogRecorder(), new ManualClock()];
    const problems = new ApiProblems(log, clock);
    for (let i = 0; i < 500; i += 1) problems.of(new Error('Command timed out'));
    await clock.advance(10_000);
    problems.of(new Error('another'));
    expect(log.lines).toMatchObject([
      { level: 'error', message: 'a request failed' },
      { level: 'info', message: 'over: a request failed', fields: { times: 500 } },
      { level: 'error', message: 'a request failed' },
    ]);
  });

  it('is no news where the caller has hung up', () => {
    const log = new LogRecorder();
    const problem = new ApiProblems(log).of(new CallerHungUp());
    expect(problem).toEqual({ status: 503, detail: 'The caller has hung up.' });
    expect(log.lines).toEqual([]);
  });
});
