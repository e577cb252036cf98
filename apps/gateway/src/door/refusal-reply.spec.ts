import { notYet } from './refusal-reply';

describe('a gateway that has only begun', () => {
  it.each(['/v1/candles/minutes/1?market=KRW-BTC', '/v1', '/websocket/v1', '/'])(
    'answers as an exchange that is away for now: %s',
    (url) => {
      expect(notYet(url, 'It begins.')).toEqual({
        type: 'application/json;charset=UTF-8',
        body: '{"error":"It begins."}',
      });
    },
  );

  it.each(['/api/candles?market=KRW-BTC', '/%61pi/candles', 'http://gateway/api'])(
    'answers with a problem under its own API: %s',
    (url) => {
      const { type, body } = notYet(url, 'It begins.');
      expect(type).toBe('application/problem+json');
      expect(JSON.parse(body)).toMatchObject({ status: 503, detail: 'It begins.' });
    },
  );
});
