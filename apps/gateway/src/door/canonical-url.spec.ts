import { canonicalUrl } from './canonical-url';

describe('a URL', () => {
  it.each([
    ['/api/coverage?market=KRW-BTC', '/api/coverage?market=KRW-BTC'],
    ['/%61pi/coverage?market=%4b', '/api/coverage?market=%4b'],
    ['/v1/%74icker', '/v1/ticker'],
    ['/api/strategies/a%2Fb%20%2D%7e', '/api/strategies/a%2Fb%20-~'],
    ['/%2561pi', '/%2561pi'],
    ['/api/%ff', '/api/%ff'],
    ['http://gateway:3000/v1/ticker?markets=KRW-BTC', '/v1/ticker?markets=KRW-BTC'],
    ['HTTPS://gateway', '/'],
    ['http://gateway?a=b', '/?a=b'],
    ['*', '*'],
    ['//gateway/api', '//gateway/api'],
  ])('has one spelling: %s', (given, canonical) => {
    expect(canonicalUrl(given)).toBe(canonical);
  });
});
