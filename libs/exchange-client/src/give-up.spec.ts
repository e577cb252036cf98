import type { ServerResponse } from 'node:http';
import { ManualClock } from '@candlekeep/clock';
import { parseMarketCode, Timeframe } from '@candlekeep/market';
import { silentLogger } from '@candlekeep/telemetry';
import { waitFor } from '../../../test/support/app-process';
import {
  anyDemand as demand,
  type CountingLimiter,
  countingLimiters,
} from '../testing/counting-limiter';
import { FakeExchange } from '../testing/fake-exchange';
import { RawServer } from '../testing/raw-server';
import { ExchangeUnavailable } from './exchange-error';
import type { LimitGroup } from './limit-group';
import { UpbitRestClient } from './upbit-rest-client';

const series = { market: parseMarketCode('KRW-BTC'), timeframe: Timeframe.parse('1m') };
const LEFT = new Error('the caller left');

/** How far a call has come when it is given up. */
const STAGES = ['permit', 'connection', 'headers', 'body'] as const;
type Stage = (typeof STAGES)[number];

const QUESTIONS = {
  candles: async (client: UpbitRestClient, signal: AbortSignal) =>
    client.getCandles({ series, count: 1, signal, demand }),
  market: async (client: UpbitRestClient, signal: AbortSignal) =>
    client.getMarketList({ details: false, signal, demand }),
  orderbook: async (client: UpbitRestClient, signal: AbortSignal) =>
    client.forward({ path: '/v1/orderbook', query: '', signal, demand }),
};
type Question = keyof typeof QUESTIONS;
const CASES = STAGES.flatMap((stage) =>
  (['candles', 'market', 'orderbook'] as const).map((question) => ({ stage, question })),
);

describe('a call that is given up', () => {
  let exchange: FakeExchange;
  /** Accepts a connection and never speaks TLS. */
  let mute: RawServer;
  let clock: ManualClock;
  let limiters: Record<LimitGroup, CountingLimiter>;
  let client: UpbitRestClient;

  beforeEach(async () => {
    exchange = await FakeExchange.start();
    mute = await RawServer.start(() => undefined);
    clock = new ManualClock();
    limiters = countingLimiters(clock);
  });

  afterEach(async () => {
    client.close();
    await mute.close();
    await exchange.close();
  });

  it.each(CASES)(
    'by its caller, waiting for the $stage of $question, ends at once',
    async (one) => {
      const caller = new AbortController();
      const outcome = caught(await begin(one.stage, one.question, caller.signal));
      caller.abort(LEFT);
      expect(await outcome).toBe(LEFT);
      await expectGone(one.stage, one.question, 'left');
    },
  );

  it.each(CASES.filter(({ stage }) => stage !== 'permit'))(
    'by the permit’s time, waiting for the $stage of $question, ends as unavailable',
    async ({ stage, question }) => {
      const outcome = caught(await begin(stage, question, new AbortController().signal));
      await clock.advance(4_999);
      expect(await isOpen(stage)).toBe(true);
      await clock.advance(1);
      expect(await outcome).toBeInstanceOf(ExchangeUnavailable);
      await expectGone(stage, question, 'timed-out');
    },
  );

  it.each(['candles', 'market', 'orderbook'] as const)(
    'before it was begun asks for no permit: %s',
    async (question) => {
      client = newClient(exchange.url);
      await expect(QUESTIONS[question](client, AbortSignal.abort(LEFT))).rejects.toBe(LEFT);
      expect(limiters[question].taken).toHaveLength(0);
    },
  );

  /** The call, at the moment when it has come as far as `stage`. */
  async function begin(stage: Stage, question: Question, signal: AbortSignal) {
    client = newClient(stage === 'connection' ? `https://${mute.host}` : exchange.url);
    const { arrival } = prepare(stage, question);
    const call = QUESTIONS[question](client, signal);
    call.catch(() => undefined);
    await arrival;
    return { call };
  }

  function prepare(stage: Stage, question: Question): { arrival: Promise<void> } {
    if (stage === 'connection') return { arrival: mute.nextConnection() };
    if (stage === 'permit') return { arrival: limiters[question].neverGrants() };
    exchange.answersWith(stage === 'body' ? startBody : () => undefined);
    return { arrival: exchange.nextRequest() };
  }

  /** The limiter learns that the request may still be on the way; a permit that was not given is nobody’s. */
  async function expectGone(
    stage: Stage,
    question: Question,
    kind: 'left' | 'timed-out',
  ): Promise<void> {
    await waitFor(async () => {
      expect(await isOpen(stage)).toBe(false);
    });
    const { taken, released, endings } = limiters[question];
    expect(taken).toHaveLength(stage === 'permit' ? 0 : 1);
    expect(released).toEqual(taken);
    expect(endings).toEqual(taken.map(() => ({ kind })));
  }

  async function isOpen(stage: Stage): Promise<boolean> {
    const server = stage === 'connection' ? mute : exchange;
    return (await server.connections()) > 0;
  }

  function newClient(baseUrl: string): UpbitRestClient {
    return new UpbitRestClient({ baseUrl, version: '1.2.3', limiters, clock, log: silentLogger });
  }
});

function startBody(response: ServerResponse): void {
  response.writeHead(200, { 'Content-Length': 100 });
  response.write('[');
}

async function caught({ call }: { call: Promise<unknown> }): Promise<unknown> {
  return call.then(
    () => undefined,
    (error: unknown) => error,
  );
}
