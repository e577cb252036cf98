import { isOfThisMachine, isUnclaimable } from './local-name';

describe('the name that a request came under', () => {
  it.each([
    ['127.0.0.1:3000', true, true],
    ['[::1]:3000', true, true],
    ['localhost:3000', true, true],
    ['192.168.0.7', false, true],
    ['203.0.113.7:443', false, true],
    ['[2001:db8::7]:3000', false, true],
    ['gateway:3000', false, true],
    ['gateway.candles.svc.cluster.local', false, true],
    ['host.docker.internal:3000', false, true],
    ['gateway.example.com:3000', false, false],
    ['localhost.example.com', false, false],
    ['internal.example', false, false],
    ['127.0.0.1.nip.io', false, false],
    ['localhost.', false, false],
    ['x@y.example', false, false],
    ['', false, false],
  ])('%s is of this machine: %s, and nobody can claim it: %s', (host, local, unclaimable) => {
    expect([isOfThisMachine(host), isUnclaimable(host)]).toEqual([local, unclaimable]);
  });
});
