import { AppProcess, waitFor } from '../support/app-process';
import { House } from '../support/house';
import { httpGet } from '../support/http-get';
import { redisDatabases } from '../support/redis-databases';
import type { HeardSpan } from '../support/tracing/told-spans';
import { TraceCollector } from '../support/tracing/trace-collector';

const CALLERS_TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const CALLERS_SPAN = '00f067aa0ba902b7';
/** Nobody listens there. */
const DEAD_COLLECTOR = '127.0.0.1:9';

const pageUntil = (to: string) =>
  `/v1/candles/minutes/1?market=KRW-BTC&count=200&to=2026-${to}T00:00:00Z`;
const REQUEST = 'GET /v1/candles/minutes/:unit';
const COLD = pageUntil('01-01');
const traceparent = (trace: string, isKept = true) =>
  `00-${trace}-${CALLERS_SPAN}-0${isKept ? 1 : 0}`;

describe('a house that is told of a collector', () => {
  let collector: TraceCollector;
  let house: House;
  /** A gateway of this house that was told of no collector. */
  let untold: AppProcess;
  /** One whose collector nobody has seen. */
  let cutOff: AppProcess;

  beforeAll(async () => {
    collector = await TraceCollector.start();
    house = await House.start({
      redisDatabase: redisDatabases.tracing,
      environment: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, LOG_LEVEL: 'debug' },
    });
    const open = (script: string, env: Record<string, string>) =>
      AppProcess.start(script, { ...house.environment, PORT: '0', ...env });
    [untold, cutOff] = await Promise.all([
      open('test/support/tracing/tell-loaded.mjs', {
        ...{ APP: 'gateway', OTEL_EXPORTER_OTLP_ENDPOINT: '' },
      }),
      open('gateway', { OTEL_EXPORTER_OTLP_ENDPOINT: `http://${DEAD_COLLECTOR}` }),
    ]);
  });

  afterAll(async () => {
    await Promise.all([untold.stop(), cutOff.stop()]);
    await house.close();
    await collector.close();
  });

  const isRequest = ({ kind }: HeardSpan): boolean => kind === 'server';
  const isDone = ({ kind }: HeardSpan): boolean => kind === 'consumer';

  it('makes one trace of a request, its job and the call of the exchange, each part of the one before', async () => {
    const answer = await house.ask(COLD, { traceparent: traceparent(CALLERS_TRACE) });
    expect(answer.status).toBe(200);
    await collector.trace(CALLERS_TRACE, isRequest);
    const spans = await collector.trace(CALLERS_TRACE, isDone);
    const find = (name: string) => spans.find((span) => span.name === name);
    const byId = new Map(spans.map((span) => [span.spanId, span]));
    const way = (span: HeardSpan | undefined): string[] =>
      span === undefined ? [] : [span.name, ...way(byId.get(span.parentSpanId ?? ''))];
    expect(way(find('GET /v1/candles/minutes/1'))).toEqual([
      'GET /v1/candles/minutes/1',
      'process candles',
      'add candles.page',
      'wait for page',
      REQUEST,
    ]);
    expect(way(find('read L1'))[1]).toBe(REQUEST);
    expect(way(find('read L2'))[1]).toBe(REQUEST);
    expect(spans.filter(({ parentSpanId }) => parentSpanId === CALLERS_SPAN)).toEqual([
      find(REQUEST),
    ]);
    expect(spans.filter(({ hasFailed }) => hasFailed)).toEqual([]);
    expect(collector.troubles).toEqual([]);
  });

  it('answers as ever while the collector is away', async () => {
    const bodies = new Set([(await house.ask(COLD)).body]);
    for (let times = 0; times < 5; times += 1) {
      const { status, body } = await httpGet(`${cutOff.url()}${COLD}`);
      expect(status).toBe(200);
      bodies.add(body);
    }
    expect(bodies.size).toBe(1);
  });

  it('tells who asked what, where the answer came from, and what the call of the exchange took', async () => {
    const spans = await collector.trace(CALLERS_TRACE, isDone);
    const find = (kind: string) => spans.find((span) => span.kind === kind);
    const request = find('server');
    expect(request?.service).toBe('candlekeep-gateway');
    const { 'candlekeep.request_id': requestId, ...facts } = request?.facts ?? {};
    expect(String(requestId)).toMatch(/-1$/);
    expect(facts).toEqual({
      'http.request.method': 'GET',
      'http.route': '/v1/candles/minutes/:unit',
      'http.response.status_code': 200,
      'url.path': '/v1/candles/minutes/1',
      'url.query': COLD.slice(COLD.indexOf('?') + 1),
      'candlekeep.source': 'exchange',
    });
    const call = find('client');
    expect(call?.service).toBe('candlekeep-worker');
    expect(call?.facts).toMatchObject({
      'http.request.method': 'GET',
      'http.response.status_code': 200,
      'url.path': '/v1/candles/minutes/1',
      'candlekeep.lane': 'bot',
      'candlekeep.limit_group': 'candles',
    });
    expect(Number(call?.facts['candlekeep.permit_wait_ms'])).toBeGreaterThanOrEqual(0);
    expect([find('producer')?.service, find('consumer')?.service]).toEqual([
      'candlekeep-gateway',
      'candlekeep-worker',
    ]);
  });

  it('tells answers from memory as well, and nothing of probes', async () => {
    const trace = CALLERS_TRACE.replace('4', '5');
    const headers = { traceparent: traceparent(trace) };
    await house.ask('/health/live', headers);
    await house.ask('/metrics', headers);
    const fromMemory = ({ facts }: HeardSpan) => facts['candlekeep.source'] === 'l0';
    await waitFor(async () => {
      const { headers: told } = await house.ask(COLD, headers);
      expect(told['cache-status']).toContain('detail=l0');
    });
    const spans = await collector.trace(trace, fromMemory);
    expect(new Set(spans.filter(isRequest).map(({ name }) => name))).toEqual(new Set([REQUEST]));
  });

  it('keeps to the trace behind the body of a request', async () => {
    const trace = CALLERS_TRACE.replace('4', '9');
    await fetch(`${house.gateways[0]!.url()}/api/candles/batch`, {
      method: 'POST',
      headers: { traceparent: traceparent(trace), 'Content-Type': 'application/json' },
      body: JSON.stringify({ requests: [{ market: 'KRW-ETH', timeframe: '1m' }] }),
    });
    const spans = await collector.trace(trace, isRequest);
    const request = spans.find(isRequest);
    expect(request?.name).toBe('POST /api/candles/batch');
    expect(spans.find(({ name }) => name === 'read L1')?.parentSpanId).toBe(request?.spanId);
  });

  it('begins a trace where the caller has none, and keeps none that the caller does not keep', async () => {
    const unkept = CALLERS_TRACE.replace('4', '6');
    await house.ask(COLD, { traceparent: traceparent(unkept, false) });
    await house.ask(COLD, { traceparent: 'nonsense', 'x-request-id': 'own-trace' });
    await waitFor(() => {
      const own = collector.spans.find(
        (span) => span.facts['candlekeep.request_id'] === 'own-trace',
      );
      expect(own?.traceId).toMatch(/^[0-9a-f]{32}$/);
      expect(own?.parentSpanId ?? '').toBe('');
    });
    expect(collector.spans.filter(({ traceId }) => traceId === unkept)).toEqual([]);
  });

  it('tells failures with their reason, and writes the trace into the lines of the log', async () => {
    const trace = CALLERS_TRACE.replace('4', '7');
    await house.disturb({ kind: 'status-500', match: { group: 'candles' } });
    const answer = await house.ask(pageUntil('01-02'), { traceparent: traceparent(trace) });
    await house.calm();
    expect(answer.status).toBe(503);
    await collector.trace(trace, isRequest);
    const spans = await collector.trace(trace, isDone);
    const failed = spans.filter(({ hasFailed }) => hasFailed).map(({ kind }) => kind);
    expect(new Set(failed)).toEqual(new Set(['server', 'internal', 'consumer', 'client']));
    const call = spans.find(({ kind }) => kind === 'client');
    expect(call?.facts['error.type']).toBe('500');
    expect(house.workers[0]!.log).toContain(`"trace_id":"${trace}"`);
  });

  it('loads nothing of OpenTelemetry, and tells nothing, where no collector is named', async () => {
    const trace = CALLERS_TRACE.replace('4', '8');
    const { status } = await httpGet(`${untold.url()}${COLD}`, {
      headers: { traceparent: traceparent(trace) },
    });
    expect([status, await untold.stop()]).toEqual([200, 0]);
    // prom-client brings the bare interfaces along.
    expect(untold.log).toContain('loaded of OpenTelemetry: ["@opentelemetry/api"]');
    expect(collector.spans.filter(({ traceId }) => traceId === trace)).toEqual([]);
  });

  it('says once that the collector is away, and stops in time all the same', async () => {
    await waitFor(() => {
      expect(cutOff.log).toContain(`traces do not reach ${DEAD_COLLECTOR}`);
    });
    await httpGet(`${cutOff.url()}${COLD}`);
    expect(await cutOff.stop()).toBe(0);
    expect(cutOff.log.match(/traces do not reach/g)).toHaveLength(1);
  });
});
