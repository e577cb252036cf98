import { keys } from '@candlekeep/redis';
import { METRICS, type MetricDeclaration } from '@candlekeep/telemetry';
import { z } from 'zod';
import { waitFor } from '../support/app-process';
import { freePort } from '../support/free-port';
import { House } from '../support/house';
import { httpGet } from '../support/http-get';
import { promtool } from '../support/promtool';
import { redisDatabases } from '../support/redis-databases';
import { shownMetrics } from '../support/shown-metrics';

const overviewBody = z.object({
  answers: z.object({
    total: z.number(),
    bySource: z.record(z.string(), z.number()),
    refused: z.number(),
  }),
  exchangeCalls: z.object({
    total: z.number(),
    byLane: z.record(z.string(), z.number()),
    byOutcome: z.record(z.string(), z.number()),
  }),
  calls: z.object({ eachForItself: z.number(), made: z.number(), saved: z.number() }),
  queues: z.array(z.object({ name: z.string(), waiting: z.number() })),
});
const OPEN_METRICS = { Accept: 'application/openmetrics-text; version=1.0.0' };
const QUESTION = '/v1/candles/minutes/1?market=KRW-BTC&count=200&to=2026-01-01T00:00:00Z';

describe('what a running house tells of itself', () => {
  let house: House;
  let doors: readonly string[];

  beforeAll(async () => {
    house = await House.start({ redisDatabase: redisDatabases.metrics, workers: 0 });
    const [worker, live] = await Promise.all([freePort(), freePort()]);
    await Promise.all([
      house.openWorker('worker', { PORT: String(worker) }),
      house.openLive({ PORT: String(live) }),
    ]);
    doors = [house.gateways[0]!.url(), ...[worker, live].map((port) => `http://127.0.0.1:${port}`)];
  });

  afterAll(async () => {
    await house.close();
  });

  const tellAll = async (headers: Record<string, string> = {}): Promise<string> =>
    (
      await Promise.all(
        doors.map(async (url) => (await httpGet(`${url}/metrics`, { headers })).body),
      )
    ).join('\n');

  it('tells every metric that alerts and dashboards name, with figures', async () => {
    for (let times = 0; times < 3; times += 1) expect((await house.ask(QUESTION)).status).toBe(200);
    const declared: readonly MetricDeclaration[] = Object.values(METRICS);
    const isTold = (name: string, text: string): boolean =>
      new RegExp(`^${name}(?:_count)?(?:\\{[^}]*\\})? \\S`, 'm').test(text);
    // The stream is young, and on a busy machine a look at a server may come too late for one answer.
    await waitFor(async () => {
      const text = await tellAll();
      expect(shownMetrics().filter((name) => !isTold(name, text))).toEqual([]);
      const unread = declared.filter(({ name }) => !text.includes(`# TYPE ${name} `));
      expect(unread).toEqual([]);
    });
  });

  it('tells it as Prometheus wants it, each process', async () => {
    for (const url of doors) {
      const { body } = await httpGet(`${url}/metrics`);
      expect(await promtool(['check', 'metrics'], body)).toEqual({ code: 0, said: '' });
    }
  });

  it('tells refusals of the exchange as 0 before there is one, so that an alert sees the first', async () => {
    const line = 'candlekeep_exchange_calls_total{group="candles",lane="bot",outcome=';
    const text = await tellAll();
    for (const outcome of ['rate-limited', 'banned'])
      expect(text).toContain(`${line}"${outcome}"} 0\n`);
  });

  it('counts how jobs ended, those that are none of ours as well', async () => {
    const { queue } = house.redis;
    const prefix = `${keys.queuePrefix}:candles`;
    await queue.hset(`${prefix}:1x`, { data: '{}', opts: '{}', timestamp: '1' });
    await queue.lpush(`${prefix}:wait`, '1x');
    await queue.zadd(`${prefix}:marker`, 0, '0');
    const outcome = (name: string) =>
      new RegExp(`^candlekeep_jobs_total\\{queue="candles",outcome="${name}"\\} [1-9]`, 'm');
    await waitFor(async () => {
      const text = await tellAll();
      expect(text).toMatch(outcome('refused'));
      expect(text).toMatch(outcome('done'));
    });
  });

  it('counts requests by route, tier and status, in either form', async () => {
    const labels = 'route="/v1/candles/minutes/:unit",source="l0",status="200"';
    const line = new RegExp(`^candlekeep_http_requests_total\\{${labels}\\} [1-9]`, 'm');
    expect(await tellAll()).toMatch(line);
    const [url = ''] = doors;
    const answer = await httpGet(`${url}/metrics`, { headers: OPEN_METRICS });
    expect(answer.body).toMatch(line);
    expect(answer.body.endsWith('# EOF\n')).toBe(true);
  });

  it('sums up what all processes did today', async () => {
    const read = async () =>
      overviewBody.parse(JSON.parse((await house.ask('/api/overview')).body));
    const two = await house.ask('/api/candles?market=KRW-BTC&timeframe=1m&count=400');
    const none = await house.ask('/v1/candles/minutes/7?market=KRW-BTC');
    expect([two.status, none.status]).toEqual([200, 400]);
    await waitFor(async () => {
      const { answers, calls, exchangeCalls } = await read();
      // Three of one page each were asked before.
      expect(answers.total).toBe(4);
      expect(answers.refused).toBe(1);
      expect(calls.eachForItself).toBe(5);
      expect(calls.saved).toBe(calls.eachForItself - calls.made);
      // The stream's connection is no call.
      const { byUrl } = await house.witness();
      const seen = Object.entries(byUrl).filter(([url]) => url.startsWith('/v1/'));
      const sent = seen.reduce((sum, [, times]) => sum + times, 0);
      expect([exchangeCalls.total, calls.made]).toEqual([sent, sent]);
    });
    const { queues, exchangeCalls } = await read();
    expect(queues.map(({ name }) => name)).toContain('candles');
    expect(Object.keys(exchangeCalls.byOutcome)).toEqual(['answered']);
  });
});
