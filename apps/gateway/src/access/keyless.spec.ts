import { demandOf } from './demand';
import { refusalOfPage, refusalWithoutKey } from './keyless';

type Headers = Readonly<Record<string, string>>;

const LOCAL = 'localhost:3000';
const PROXY = { 'x-forwarded-for': '203.0.113.7' };

/** The status of the refusal, or none, of a request by a door for this machine or for others. */
function judged(line: string, isLocalDoor: boolean, headers: Headers = {}): number | undefined {
  const [method = '', route = ''] = line.split(' ');
  const asked = { host: LOCAL, ...headers };
  const request = { method, headers: asked, raw: { headers: asked, httpVersion: '1.1' } };
  return refusalWithoutKey({ request, demand: demandOf(method, route), isLocalDoor })?.status;
}

describe('a request that shows no key where none is asked for', () => {
  it.each([
    ['GET /api/strategies', {}, undefined],
    ['DELETE /api/candles', {}, undefined],
    ['GET /admin', {}, undefined],
    ['GET /api/strategies', PROXY, 401],
    ['DELETE /api/candles', PROXY, 401],
    ['GET /admin', PROXY, 401],
    ['GET /metrics', { host: 'gateway' }, 403],
    ['GET /metrics', { host: '192.168.0.7' }, 403],
    ['PUT /api/strategies/:id', { origin: 'http://localhost:3000' }, undefined],
    ['PUT /api/strategies/:id', { origin: 'http://localhost:8080' }, 403],
    ['GET /api/strategies', { origin: 'http://localhost:8080' }, undefined],
    ['GET /api/keys', { origin: 'http://localhost:8080' }, 403],
    ['GET /admin', { 'sec-fetch-site': 'cross-site' }, undefined],
    ['POST /api/keys', {}, 401],
    ['DELETE /api/keys/:id', {}, 401],
    ['GET /api/keys', {}, undefined],
    ['PUT /api/log-level', {}, undefined],
  ])('%s with %j by the door for this machine: %s', (line, headers, status) => {
    expect(judged(line, true, headers)).toBe(status);
  });

  it.each([
    ['GET /api/strategies', { ...PROXY, host: 'evil.example' }, undefined],
    ['DELETE /api/candles', PROXY, undefined],
    ['DELETE /api/candles', { host: '203.0.113.7' }, undefined],
    ['DELETE /api/candles', { host: 'gateway:3000' }, undefined],
    ['DELETE /api/candles', { host: 'evil.example' }, 403],
    ['DELETE /api/candles', { 'sec-fetch-site': 'cross-site' }, 403],
    ['POST /api/keys', {}, 401],
  ])('%s with %j by a door for others: %s', (line, headers, status) => {
    expect(judged(line, false, headers)).toBe(status);
  });

  it('follows the stream unless it is from a page that took another name', () => {
    expect(refusalOfPage({ host: 'evil.example' })).toBeUndefined();
    expect(refusalOfPage({ host: LOCAL, origin: 'https://charts.example' })).toBeUndefined();
    expect(refusalOfPage({ host: 'evil.example', origin: 'http://evil.example' })?.status).toBe(
      403,
    );
  });
});
