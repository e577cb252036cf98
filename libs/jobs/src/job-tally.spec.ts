import { waitOf } from './job-tally';

describe('the wait of a job', () => {
  const job = { attemptsStarted: 1, timestamp: 10_000, opts: {} };

  it('is from its add until it is taken', () => {
    expect(waitOf(job, 12_500)).toBe(2_500);
  });

  it('begins when its time has come, where it was added for later', () => {
    expect(waitOf({ ...job, opts: { delay: 2_000 } }, 12_500)).toBe(500);
  });

  it('is never less than nothing, though the clocks of two processes differ', () => {
    expect(waitOf(job, 9_000)).toBe(0);
  });

  it('is not told again of a job that was taken before', () => {
    expect(waitOf({ ...job, attemptsStarted: 2 }, 12_500)).toBeUndefined();
  });
});
