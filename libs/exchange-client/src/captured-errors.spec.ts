import { parseMarketCode, Timeframe } from '@candlekeep/market';
import { z } from 'zod';
import { type AskedExchange, openAskedExchange } from '../testing/asked-exchange';
import { anyDemand as demand } from '../testing/counting-limiter';
import { answer, capturedBody } from '../testing/fake-exchange';
import {
  ExchangeBanned,
  ExchangeMalformed,
  ExchangeRateLimited,
  ExchangeRefused,
  UnknownMarket,
} from './exchange-error';

const capture = z.object({
  request: z.string(),
  status: z.number(),
  body: z.string().nullable(),
  host: z.string(),
});
const captures = z.array(capture).parse(JSON.parse(capturedBody('errors')));
const signal = new AbortController().signal;
const series = { market: parseMarketCode('KRW-BTC'), timeframe: Timeframe.parse('1m') };

describe('captured refusals of the exchange', () => {
  let asked: AskedExchange;

  beforeAll(async () => {
    asked = await openAskedExchange();
  });

  afterAll(() => asked.close());

  it('are all here', () => {
    expect(captures.map(({ status }) => status)).toEqual([
      ...[404, 404, 404, 404, 404, 400, 400, 400, 400, 400, 404, 429, 418],
      // Two other sites: one says the same, the other says it with status 200.
      ...[404, 200, 200],
    ]);
  });

  it.each(captures)(
    'have one meaning to a question for candles: $host $status $body ($request)',
    async ({ status, body }) => {
      asked.exchange.answersWith(answerOf(status, body));
      const error = await asked.client
        .getCandles({ series, count: 1, signal, demand })
        .catch(caught);
      expect(error).toBeInstanceOf(meaningOf(status, body));
    },
  );

  it.each(captures)(
    'have one meaning to a question that is passed on: $host $status $body ($request)',
    async ({ status, body }) => {
      asked.exchange.answersWith(answerOf(status, body));
      const call = asked.client.forward({ path: '/v1/orderbook', query: '', signal, demand });
      if (status === 400 || status === 404) {
        expect(await call).toMatchObject({ status, body });
      } else {
        expect(await call.catch(caught)).toBeInstanceOf(meaningOf(status, body));
      }
    },
  );
});

function answerOf(status: number, body: string | null) {
  const isText = status === 429 || status === 418;
  const headers = isText ? { 'Content-Type': 'text/plain' } : {};
  return answer({ status, body: body ?? '', headers });
}

function meaningOf(status: number, body: string | null) {
  switch (status) {
    case 200:
      return ExchangeMalformed;
    case 400:
      return ExchangeRefused;
    case 404:
      return body?.includes('Code not found') === true ? UnknownMarket : ExchangeRefused;
    case 429:
      return ExchangeRateLimited;
    case 418:
      return ExchangeBanned;
    default:
      throw new Error(`no meaning is known for status ${status}: state it here`);
  }
}

function caught(error: unknown): unknown {
  return error;
}
