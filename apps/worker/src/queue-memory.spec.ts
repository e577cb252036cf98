import { LogRecorder } from '../../../test/support/log-recorder';
import { warnOfEviction } from './queue-memory';

describe('the look at the queue server', () => {
  it.each(['allkeys-lru', 'volatile-ttl'])('warns in one line of %s', (evictionPolicy) => {
    const log = new LogRecorder();
    warnOfEviction({ evictionPolicy }, log);
    expect(log.lines).toMatchObject([{ level: 'warn' }]);
    expect(log.lines[0]?.message).toContain(
      `(maxmemory-policy ${evictionPolicy}): set it to noeviction`,
    );
  });

  it.each(['noeviction', undefined])('lets pass: %s', (evictionPolicy) => {
    const log = new LogRecorder();
    warnOfEviction({ evictionPolicy }, log);
    expect(log.lines).toEqual([]);
  });
});
