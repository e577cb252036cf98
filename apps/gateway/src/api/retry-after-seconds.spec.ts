import { NotCached } from '@candlekeep/candle-cache';
import { CandlekeepError, parseMarketCode, Timeframe } from '@candlekeep/market';
import fastify from 'fastify';
import { setRetryAfter } from './retry-after';
import { retryAfterSeconds } from './retry-after-seconds';

class Paused extends CandlekeepError {
  readonly code = 'EXCHANGE_PAUSED';
  readonly retryable = true;

  constructor(override readonly retryAfterMs: number) {
    super('the exchange is not asked');
  }
}

const series = { market: parseMarketCode('KRW-BTC'), timeframe: Timeframe.parse('1m') };

describe('the seconds after which asking again may better an answer', () => {
  it.each([
    [503, new Paused(4_001), 5],
    [504, new Paused(60_000), 60],
    [503, new Paused(0), 1],
    [503, new Error('no connection'), 1],
    [504, new NotCached(series), undefined],
    [502, new Paused(5_000), undefined],
    [404, new Error('unknown'), undefined],
  ])('of %i after %s are %s, as the header of a single request says', async (...row) => {
    const [status, error, seconds] = row;
    expect(retryAfterSeconds(status, error)).toBe(seconds);
    const server = fastify();
    server.get('/', (_request, reply) => {
      setRetryAfter(reply, status, error);
      return reply.status(status).send('');
    });
    const { headers } = await server.inject('/');
    expect(headers['retry-after']).toBe(seconds === undefined ? undefined : String(seconds));
  });
});
