import { parseMarketCode } from '@candlekeep/market';
import {
  ExchangeBanned,
  ExchangeRateLimited,
  ExchangeRefused,
  ExchangeUnavailable,
  UnknownMarket,
} from './exchange-error';
import { findRefusal } from './refusal';

const market = parseMarketCode('KRW-BTC');
const TARGET = '/v1/candles/minutes/1?market=KRW-BTC&count=1';

function refusal(status: number, body: string, contentType = 'application/json;charset=UTF-8') {
  const header = (name: string): string | undefined =>
    name === 'content-type' ? contentType : undefined;
  return findRefusal({ target: TARGET, status, header, body }, { market });
}

function errorBody(name: number | string, message: string): string {
  return JSON.stringify({ error: { name, message } });
}

describe('what an answer of the exchange means', () => {
  it('is nothing to complain about for a 200', () => {
    expect(refusal(200, '[]')).toBeUndefined();
  });

  it('is an unknown market for "Code not found", and names it', () => {
    const error = refusal(404, errorBody(404, 'Code not found'));
    expect(error).toBeInstanceOf(UnknownMarket);
    expect(error).toMatchObject({ market: 'KRW-BTC', retryable: false });
  });

  it('is a refusal, not an unknown market, when the route does not exist', () => {
    const error = refusal(404, errorBody('not_found', 'no Route matched with those values'));
    expect(error).toBeInstanceOf(ExchangeRefused);
  });

  it.each([
    'Missing request parameter error. Check the required parameters!',
    'Type mismatch error. Check the parameters type!',
    'Invalid parameter. Check the given value!',
    'specified unit is not valid.',
  ])('is a refusal in the words of the exchange: %s', (message) => {
    const error = refusal(400, errorBody(400, message));
    expect(error).toBeInstanceOf(ExchangeRefused);
    expect(error?.message).toBe(`the exchange refused GET ${TARGET} with 400: ${message}`);
  });

  it.each(['Too many API requests.', errorBody('too_many_requests', 'slow down'), ''])(
    'is a rate limit for 429, whatever its body: %j',
    (body) => {
      const error = refusal(429, body, 'text/plain');
      expect(error).toBeInstanceOf(ExchangeRateLimited);
      expect(error).toMatchObject({ retryAfterMs: 1_050, retryable: true });
    },
  );

  it('is a block for 418, of a minute when no time is stated', () => {
    expect(refusal(418, '')).toBeInstanceOf(ExchangeBanned);
    expect(refusal(418, '')).toMatchObject({ retryAfterMs: 60_000, retryable: true });
    expect(refusal(418, 'blocked for 5 minutes')).toMatchObject({ retryAfterMs: 300_000 });
  });

  it.each([
    [500, errorBody(500, 'Internal server error'), 'application/json'],
    [502, '<html>Bad Gateway</html>', 'text/html'],
    [503, '', 'text/plain'],
    [404, '<html>not here</html>', 'text/html'],
    [403, 'denied', 'text/plain'],
    [302, '', 'text/html'],
    [204, '', 'application/json'],
    [200, '<html>maintenance</html>', 'Text/HTML; charset=utf-8'],
  ])('is an unavailable exchange for status %d with %j', (status, body, contentType) => {
    const error = refusal(status, body, contentType);
    expect(error).toBeInstanceOf(ExchangeUnavailable);
    expect(error).toMatchObject({ retryable: true });
    expect(error?.message).toContain(`status ${status}`);
  });
});
