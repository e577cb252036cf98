import { SystemClock } from '@candlekeep/clock';
import { LANES } from '@candlekeep/market';
import { z } from 'zod';
import { House } from '../support/house';
import type { HttpAnswer } from '../support/http-get';
import { redisDatabases } from '../support/redis-databases';

const MINUTE = 60_000;
const clock = new SystemClock();
const LATEST = '/v1/candles/minutes/1?market=KRW-BTC&count=20';
const CLOSED = `/v1/candles/minutes/1?market=KRW-BTC&count=50&to=${new Date(clock.nowMs() - 30 * MINUTE).toISOString()}`;
const TICKER = '/v1/ticker?markets=KRW-BTC';
const MARKETS = '/v1/market/all';
/** What a caller sees of an exchange that does not answer, per its own patience. */
const GIVES_UP_WITHIN_MS = 12_000;
const FAULTS = ['status-503', 'reset', 'timeout'];

const withCacheControl = (text: string) => ({ 'cache-control': text });
const errorBody = z.object({ error: z.string() });

describe('while the exchange is down', () => {
  let house: House;
  let warm: Readonly<Record<'latest' | 'closed' | 'ticker' | 'markets', HttpAnswer>>;

  beforeAll(async () => {
    house = await House.start({ redisDatabase: redisDatabases.staleAnswers });
    warm = {
      latest: await house.ask(LATEST),
      closed: await house.ask(CLOSED),
      markets: await house.ask(MARKETS),
      ticker: await house.ask(TICKER),
    };
    for (const { status } of Object.values(warm)) expect(status).toBe(200);
    for (const kind of FAULTS) await house.disturb({ kind, probability: 0.4, seed: kind });
    await house.disturb({ kind: 'status-500' });
  });
  afterAll(async () => {
    await house.close();
  });

  const asOf = ({ headers }: HttpAnswer): number => Number(headers['x-candlekeep-as-of']);
  const timed = async (work: () => Promise<HttpAnswer>) => {
    const startMs = clock.monotonicMs();
    const answer = await work();
    return { answer, tookMs: clock.monotonicMs() - startMs };
  };
  /** By how much the answer says that it is too old, whole seconds. */
  const ttlOf = ({ headers }: HttpAnswer): number =>
    -Number(/ttl=-(\d+)/.exec(String(headers['cache-status']))?.[1] ?? 0);

  it('a ticker is served a little too old where that was accepted', async () => {
    const answer = await house.ask(TICKER, withCacheControl('max-age=0, max-stale=60'));
    expect([answer.status, answer.body]).toEqual([200, warm.ticker.body]);
    expect(answer.headers['cache-status']).toMatch(/^candlekeep; hit; ttl=-\d+; detail=l1$/);
    expect(asOf(answer)).toBe(asOf(warm.ticker));
  });

  it('the newest rows are served as of when they were seen, at once, where that was accepted', async () => {
    const calls = await house.callsDuring(async () => {
      const { answer, tookMs } = await timed(() =>
        house.ask(LATEST, withCacheControl('max-age=0, max-stale=600')),
      );
      expect([answer.status, answer.body]).toEqual([200, warm.latest.body]);
      expect(answer.headers['cache-status']).toMatch(/^candlekeep; hit; ttl=-\d+; detail=l1$/);
      expect(asOf(answer)).toBe(asOf(warm.latest));
      expect(Number(answer.headers.age)).toBe(-ttlOf(answer) - 1);
      expect(tookMs).toBeLessThan(3_000);
    });
    expect(calls).toBe(0);
  });

  it('the newest rows are served instead of an error where that was accepted', async () => {
    const { answer, tookMs } = await timed(() =>
      house.ask(LATEST, withCacheControl('max-age=0, stale-if-error=600')),
    );
    expect([answer.status, answer.body]).toEqual([200, warm.latest.body]);
    expect(answer.headers['cache-status']).toMatch(
      /^candlekeep; fwd=stale; (?:collapsed; )?ttl=-\d+; detail=l1$/,
    );
    expect(asOf(answer)).toBe(asOf(warm.latest));
    expect(clock.nowMs() - asOf(answer)).toBeLessThan((5 - ttlOf(answer)) * 1_000);
    expect(tookMs).toBeLessThan(GIVES_UP_WITHIN_MS);
  });

  it.each([
    ['nothing old', 'max-age=0'],
    ['nothing as old as that', 'max-age=0, max-stale=1, stale-if-error=1'],
  ])('whoever accepts %s hears what is the matter, and when to ask again', async (_, accepted) => {
    const { answer, tookMs } = await timed(() => house.ask(LATEST, withCacheControl(accepted)));
    expect([503, 504]).toContain(answer.status);
    expect(errorBody.parse(JSON.parse(answer.body)).error).toMatch(/exchange/);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThanOrEqual(1);
    expect(answer.headers['cache-status']).toBeUndefined();
    expect(tookMs).toBeLessThan(GIVES_UP_WITHIN_MS);
  });

  it('whoever forbade to ask is not told to ask again later', async () => {
    const answer = await house.ask(LATEST, withCacheControl('max-age=0, only-if-cached'));
    expect([answer.status, answer.headers['retry-after']]).toEqual([504, undefined]);
  });

  it('everyone at once gets the same truth', async () => {
    const cacheControl = withCacheControl('max-age=0, stale-if-error=600');
    const asked = Array.from({ length: 40 }, () => house.ask(LATEST, cacheControl));
    const answers = await Promise.all(asked);
    expect(new Set(answers.map(({ status, body }) => `${status} ${body}`)).size).toBe(1);
    expect(answers[0]?.body).toBe(warm.latest.body);
  });

  it('what is closed and known stays served, fresh', async () => {
    const { status, body, headers } = await house.ask(CLOSED);
    expect([status, body]).toEqual([200, warm.closed.body]);
    expect(headers['cache-status']).toMatch(/^candlekeep; hit; detail=l[01]$/);
    const closedInL2 = await house.ask(`${CLOSED}&ignored=1`, withCacheControl('no-cache'));
    expect([closedInL2.status, closedInL2.body]).toEqual([200, warm.closed.body]);
  });

  it('the list of markets stays served', async () => {
    const { status, body } = await house.ask(MARKETS);
    expect([status, body]).toEqual([200, warm.markets.body]);
  });

  it('a caller of no known class is told which there are', async () => {
    const { status, body } = await house.ask(LATEST, { 'x-candlekeep-class': 'whale' });
    expect(status).toBe(400);
    expect(JSON.parse(body)).toEqual({
      error: {
        name: 400,
        message:
          'X-Candlekeep-Class is "whale": expected one of bot, monitor, chart, backtest, or no such header, which means bot.',
      },
    });
  });

  it('the budget says what stands in the way', async () => {
    const { status, body } = await house.ask('/api/exchange/budget');
    expect(status).toBe(200);
    const [egress] = budgets.parse(JSON.parse(body)).egresses;
    expect(egress?.circuit.state).toBe('closed');
    expect(Math.abs(clock.nowMs() - Date.parse(egress?.now ?? ''))).toBeLessThan(MINUTE);
    const candles = egress?.groups.find(({ group }) => group === 'candles');
    expect(candles?.breaker.state).not.toBe('closed');
    expect(Object.keys(candles?.waiting ?? {})).toEqual(LANES);
  });
});

const circuit = z.object({ state: z.string(), reason: z.string().optional() });
const budgets = z.object({
  egresses: z.array(
    z.object({
      egress: z.literal('default'),
      now: z.iso.datetime(),
      circuit,
      groups: z.array(
        z.object({
          group: z.string(),
          limit: z.literal(10),
          waiting: z.record(z.string(), z.number()),
          breaker: circuit,
        }),
      ),
    }),
  ),
});
