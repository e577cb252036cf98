import { ManualClock } from '@candlekeep/clock';
import { parseMarketCode, Timeframe } from '@candlekeep/market';
import {
  type CallEnding,
  type DenialReason,
  NoPermit,
  steadyDemand,
} from '@candlekeep/rate-limiter';
import { silentLogger } from '@candlekeep/telemetry';
import {
  anyDemand as demand,
  type CountingLimiter,
  countingLimiters,
} from '../testing/counting-limiter';
import { answer, capturedBody, FakeExchange, type Reply } from '../testing/fake-exchange';
import {
  ExchangeBanned,
  ExchangeMalformed,
  ExchangePaused,
  ExchangeRateLimited,
  ExchangeRefused,
  ExchangeUnavailable,
  UnknownMarket,
} from './exchange-error';
import type { LimitGroup } from './limit-group';
import { UpbitRestClient } from './upbit-rest-client';

const series = { market: parseMarketCode('KRW-BTC'), timeframe: Timeframe.parse('1m') };
const BODY = capturedBody('minutes-1');
const REMAINING = { 'Remaining-Req': 'group=candles; min=600; sec=7' };
const ANSWERED: CallEnding = { kind: 'answered', remainingInSecond: 7 };
const UNKNOWN = '{"error":{"name":404,"message":"Code not found"}}';
const DECLINED = '{"error":{"name":400,"message":"Type mismatch error."}}';
const HTML = { 'Content-Type': 'text/html' };

interface Case {
  readonly what: string;
  readonly reply: Reply;
  readonly ending: CallEnding;
  /** What the caller is told; missing when it gets the candles. */
  readonly error?: new (...parts: never[]) => Error;
}

const cut: Reply = (response) => {
  response.writeHead(200, { 'Content-Length': BODY.length });
  response.write(BODY.slice(0, 100), () => response.destroy());
};
const failed = { ending: { kind: 'failed' }, error: ExchangeUnavailable } as const;
const headers = REMAINING;

const CASES: readonly Case[] = [
  { what: 'candles', reply: answer({ body: BODY, headers }), ending: ANSWERED },
  { what: 'no word of what is left', reply: answer({ body: BODY }), ending: { kind: 'answered' } },
  {
    what: 'a list with a fault',
    reply: answer({ body: BODY.replace('KRW-BTC', 'KRW-ETH'), headers }),
    ...{ ending: ANSWERED, error: ExchangeMalformed },
  },
  {
    what: 'an unknown market',
    reply: answer({ status: 404, body: UNKNOWN, headers }),
    ...{ ending: ANSWERED, error: UnknownMarket },
  },
  {
    what: 'a decline',
    reply: answer({ status: 400, body: DECLINED, headers }),
    ...{ ending: ANSWERED, error: ExchangeRefused },
  },
  {
    what: 'a 429',
    reply: answer({ status: 429, body: 'Too many API requests.', headers }),
    ...{ ending: { kind: 'rate-limited' }, error: ExchangeRateLimited },
  },
  {
    what: 'a block of a stated time',
    reply: answer({ status: 418, body: '', headers: { 'Retry-After': '30' } }),
    ...{ ending: { kind: 'banned', statedMs: 30_000 }, error: ExchangeBanned },
  },
  {
    what: 'a block without a time',
    reply: answer({ status: 418, body: '' }),
    ...{ ending: { kind: 'banned' }, error: ExchangeBanned },
  },
  { what: 'a 500', reply: answer({ status: 500, body: UNKNOWN, headers }), ...failed },
  { what: 'a 503', reply: answer({ status: 503, body: '' }), ...failed },
  { what: 'a redirect', reply: answer({ status: 302, body: '' }), ...failed },
  { what: 'a page for people', reply: answer({ body: '<html>', headers: HTML }), ...failed },
  { what: 'a reset', reply: (_, request) => request.socket.resetAndDestroy(), ...failed },
  { what: 'a cut answer', reply: cut, ...failed },
  {
    what: 'a gzip that is none',
    reply: answer({ body: 'x', headers: { 'Content-Encoding': 'gzip' } }),
    ...failed,
  },
  {
    what: 'bytes that are no text',
    reply: answer({ body: Buffer.from([0x5b, 0xff, 0x5d]) }),
    ...{ ending: { kind: 'failed' }, error: ExchangeMalformed },
  },
];

describe('the limiter is told how a call ended:', () => {
  let exchange: FakeExchange;
  let clock: ManualClock;
  let limiters: Record<LimitGroup, CountingLimiter>;
  let candles: CountingLimiter;
  let client: UpbitRestClient;

  beforeEach(async () => {
    exchange = await FakeExchange.start();
    clock = new ManualClock();
    limiters = countingLimiters(clock);
    ({ candles } = limiters);
    client = newClient(exchange.url);
  });

  afterEach(async () => {
    client.close();
    await exchange.close();
  });

  it.each(CASES)('$what is $ending.kind', async ({ reply, ending, error }) => {
    exchange.answersWith(reply);
    const outcome = await getCandles().catch(caught);
    if (error === undefined) expect(outcome).toHaveProperty('candles');
    else expect(outcome).toBeInstanceOf(error);
    expect(candles.endings).toEqual([ending]);
    expect(candles.released).toEqual(candles.taken);
    expect(exchange.requests).toHaveLength(1);
  });

  it.each(['http://127.0.0.1:1', 'https://127.0.0.1:1', 'https://exchange.invalid'])(
    'a connection to %s that does not come about is failed',
    async (url) => {
      client = newClient(url);
      await expect(getCandles()).rejects.toThrow(ExchangeUnavailable);
      expect(candles.endings).toEqual([{ kind: 'failed' }]);
    },
  );

  it('a permit that came too late is unused, and another one is taken', async () => {
    candles.beforeGrant = async () => {
      if (candles.taken.length === 0) await clock.advance(2_500);
    };
    exchange.answersWith(answer({ body: BODY }));
    await getCandles();
    expect(candles.endings).toEqual([{ kind: 'unused' }, { kind: 'answered' }]);
    expect(candles.released).toEqual(candles.taken);
    expect(exchange.requests).toHaveLength(1);
  });

  it('a permit whose caller left while it was waited for is unused', async () => {
    const caller = new AbortController();
    candles.beforeGrant = async () => {
      await Promise.resolve();
      caller.abort(new Error('the caller left'));
    };
    await expect(getCandles(caller.signal)).rejects.toThrow('the caller left');
    expect(candles.endings).toEqual([{ kind: 'unused' }]);
    expect(exchange.requests).toHaveLength(0);
  });

  it.each([429, 418])('nobody learns of a %d before the limiter has', async (status) => {
    exchange.answersWith(answer({ status, body: '' }));
    candles.pausedMs = 7_300;
    let isTold = false;
    candles.beforeRelease = async () => {
      await new Promise(setImmediate);
      isTold = true;
    };
    const refusal = await getCandles().catch((error: unknown) => ({ error, isTold }));
    expect(refusal).toMatchObject({ error: { retryAfterMs: 7_300 }, isTold: true });
    for (const [group, { endings }] of Object.entries(limiters)) {
      expect(endings).toHaveLength(group === 'candles' ? 1 : 0);
    }
  });

  it.each([
    [429, 1_050],
    [418, 60_000],
  ])('a %d is told to the caller even when the limiter is away', async (status, retryAfterMs) => {
    exchange.answersWith(answer({ status, body: '' }));
    candles.beforeRelease = async () => Promise.reject(new Error('connection is closed'));
    expect(await getCandles().catch(caught)).toMatchObject({ retryAfterMs });
  });

  it('a permit is asked for with the demand of the caller', async () => {
    exchange.answersWith(answer({ body: BODY }));
    const own = steadyDemand(4);
    await client.getCandles({ series, count: 1, signal: never(), demand: own });
    expect(candles.demands).toEqual([own]);
  });

  it.each<[DenialReason, RegExp]>([
    ['rate-limited', /refused earlier calls \(429\): ask again in 3 s/],
    ['banned', /blocks this IP \(418\): ask again in 3 s/],
    ['unavailable', /did not answer earlier calls: ask again in 3 s/],
    ['capped', /LIMIT_PER_MINUTE, LIMIT_PER_HOUR\) is used up: ask again in 3 s/],
    ['busy', /other calls used up its budget: ask again in 3 s/],
  ])('and says why there is no permit: %s', async (reason, message) => {
    candles.beforeGrant = async () => Promise.reject(new NoPermit(reason, 2_001));
    const error = await getCandles().catch(caught);
    expect(error).toBeInstanceOf(ExchangePaused);
    expect(error).toMatchObject({ reason, retryAfterMs: 2_001, retryable: true });
    expect(error).toHaveProperty('message', expect.stringMatching(message));
    expect(exchange.requests).toHaveLength(0);
  });

  function newClient(baseUrl: string): UpbitRestClient {
    return new UpbitRestClient({ baseUrl, version: '1.2.3', limiters, clock, log: silentLogger });
  }

  async function getCandles(signal = never()) {
    return client.getCandles({ series, count: 1, signal, demand });
  }
});

function never(): AbortSignal {
  return new AbortController().signal;
}

function caught(error: unknown): unknown {
  return error;
}
