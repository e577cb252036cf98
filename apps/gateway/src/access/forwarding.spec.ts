import { cameOverTls, isPassedOn } from './forwarding';

describe('a request that a proxy passes on', () => {
  it.each([
    [{}, '1.1', false],
    [{ host: 'localhost', 'x-request-id': 'a', 'user-agent': 'x' }, '1.1', false],
    [{ 'x-forwarded-for': '203.0.113.7' }, '1.1', true],
    [{ 'x-forwarded-port': '443' }, '1.1', true],
    [{ forwarded: 'for=_hidden' }, '1.1', true],
    [{ via: '1.1 proxy' }, '1.1', true],
    [{ 'x-real-ip': '' }, '1.1', true],
    [{}, '1.0', true],
  ])('says so by its headers or its age: %j, HTTP/%s: %s', (headers, httpVersion, expected) => {
    expect(isPassedOn({ headers, httpVersion })).toBe(expected);
  });

  it.each([
    [{}, false],
    [{ 'x-forwarded-proto': 'https' }, true],
    [{ 'x-forwarded-proto': 'https,http' }, true],
    [{ 'x-forwarded-proto': 'HTTPS , http' }, true],
    [{ 'x-forwarded-proto': 'http, https' }, false],
    [{ forwarded: 'proto=https' }, true],
    [{ forwarded: 'for=203.0.113.7; Proto="https", for=10.0.0.1;proto=http' }, true],
    [{ forwarded: 'for=203.0.113.7;proto=http, proto=https' }, false],
    [{ forwarded: 'for=xproto=https' }, false],
  ])('came over TLS to the first of them: %j: %s', (headers, expected) => {
    expect(cameOverTls(headers)).toBe(expected);
  });
});
