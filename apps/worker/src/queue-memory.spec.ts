import { LogRecorder } from '../../../test/support/log-recorder';
import { warnOfEviction } from './queue-memory';

const infoOf = (policy: string): string =>
  `# Memory\r\nused_memory:985528\r\nmaxmemory_policy:${policy}\r\nallocator_active:1\r\n`;

describe('the look at the queue server', () => {
  it.each(['allkeys-lru', 'volatile-ttl'])('warns in one line of %s', (policy) => {
    const log = new LogRecorder();
    warnOfEviction(infoOf(policy), log);
    expect(log.lines).toMatchObject([{ level: 'warn' }]);
    expect(log.lines[0]?.message).toContain(`(maxmemory-policy ${policy}): set it to noeviction`);
  });

  it.each([infoOf('noeviction'), '', '# Memory\r\nmaxmemory:0\r\n'])('lets pass: %j', (info) => {
    const log = new LogRecorder();
    warnOfEviction(info, log);
    expect(log.lines).toEqual([]);
  });
});
