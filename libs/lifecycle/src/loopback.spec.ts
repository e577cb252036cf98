import { drainNoticeMs } from './environment';
import { isLoopback } from './loopback';

const LOCAL = [
  ...['127.0.0.1', '127.9.9.9', '127.255.255.255', 'localhost', 'LOCALHOST', 'a.localhost'],
  ...['::1', '[::1]', '0:0:0:0:0:0:0:1', '::1%lo', '::ffff:127.0.0.1', '::ffff:7f00:1'],
];
const OTHERS = [
  ...['0.0.0.0', '::', '[::]', '10.0.0.1', '128.0.0.1', '::ffff:10.0.0.1', 'fe80::1%eth0', '::2'],
  ...['127.example.com', '127.0.0.1.example.com', 'localhost.io', '127.1', 'gateway', ''],
];

describe('an address', () => {
  it.each(LOCAL)('that only this machine reaches: %s', (host) => {
    expect(isLoopback(host)).toBe(true);
  });

  it.each(OTHERS)('that others reach, as far as can be told: %s', (host) => {
    expect(isLoopback(host)).toBe(false);
  });
});

describe('a stop', () => {
  it.each(LOCAL)('is not announced where only this machine can ask: %s', (HOST) => {
    expect(drainNoticeMs({ HOST })).toBe(0);
  });

  it.each(OTHERS)('is announced for five seconds where others can ask: %s', (HOST) => {
    expect(drainNoticeMs({ HOST })).toBe(5_000);
  });

  it('is announced for as long as is said, wherever that is', () => {
    expect(drainNoticeMs({ HOST: '127.0.0.1', DRAIN_NOTICE_MS: 300 })).toBe(300);
    expect(drainNoticeMs({ HOST: '0.0.0.0', DRAIN_NOTICE_MS: 0 })).toBe(0);
  });
});
