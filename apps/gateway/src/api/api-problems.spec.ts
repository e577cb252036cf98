import { LogRecorder } from '../../../../test/support/log-recorder';
import { ApiProblems } from './api-problems';
import { CallerHungUp } from './caller-left';

describe('what went wrong with a request', () => {
  it('is logged where nobody raised it on purpose', () => {
    const log = new LogRecorder();
    expect(new ApiProblems(log).of(new Error('no connection')).status).toBe(503);
    expect(log.lines).toMatchObject([{ level: 'error', message: 'a request failed' }]);
  });

  it('is no news where the caller has hung up', () => {
    const log = new LogRecorder();
    const problem = new ApiProblems(log).of(new CallerHungUp());
    expect(problem).toEqual({ status: 503, detail: 'The caller has hung up.' });
    expect(log.lines).toEqual([]);
  });
});
