import { ManualClock } from '@candlekeep/clock';
import { z } from 'zod';
import { ask } from '../testing/ask';
import { capturedBody } from '../testing/captures';
import { startSimulator, type Simulator } from './simulator';

const captured = z.object({
  host: z.string(),
  request: z.string(),
  status: z.number(),
  body: z.string().nullable(),
});
/** Captured in words rather than as a path; others begin with theirs. */
const PATHS = new Map([
  [
    'GET /v1/candles/... for a delisted market (KRW-LUNA, KRW-WEMIX, ...)',
    '/v1/candles/weeks?market=KRW-LUNA',
  ],
  ['candle parameter out of range or unparsable', '/v1/candles/days?market=KRW-BTC&to=never'],
]);
const ERRORS = z
  .array(captured)
  .parse(JSON.parse(capturedBody('errors')))
  .filter(({ host, status }) => host === 'api.upbit.com' && ![429, 418].includes(status))
  .map(({ request, status, body }) => {
    const path = PATHS.get(request) ?? /^GET (\S+)/.exec(request)?.[1];
    return { path: path ?? `unreadable: ${request}`, status, body };
  });

const ANSWERS = z
  .array(
    z.object({
      request: z.string(),
      status: z.number(),
      headers: z.record(z.string(), z.string()),
    }),
  )
  .parse(JSON.parse(capturedBody('headers')))
  .filter(({ request }) => request.startsWith('GET https://api.upbit.com/'))
  .map(({ request, headers }) => ({
    path: request.replace('GET https://api.upbit.com', ''),
    headers: new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
  }));

describe('the simulator gives what was captured at the exchange', () => {
  const clock = new ManualClock(Date.UTC(2026, 10, 22, 13, 50, 2, 345));
  let simulator: Simulator;
  beforeAll(async () => {
    simulator = await startSimulator({ clock });
  });
  beforeEach(() => clock.advance(1_000));
  afterAll(() => simulator.close());

  it.each(ERRORS)('error body: $path', async ({ path, status, body }) => {
    const heard = await ask(simulator.url + path);
    expect([heard.status, heard.raw.toString()]).toEqual([status, body]);
  });

  it.each(ANSWERS)('header names and values: $path', async ({ path, headers }) => {
    const isChunked = headers.has('transfer-encoding');
    const heard = await ask(simulator.url + path, {
      headers: isChunked ? { 'Accept-Encoding': 'gzip' } : {},
    });
    expect(heard.status).toBe(200);
    expect(comparable(new Map(Object.entries(heard.headers)))).toEqual(comparable(headers));
  });
});

/** What can be the same at two moments. Recorders dropped `content-encoding` and put the length of the unpacked body beside a chunked one; HTTP/2 has no `connection`. */
function comparable(headers: ReadonlyMap<string, unknown>): Record<string, string> {
  const ignored = new Set(['content-encoding', 'connection']);
  if (headers.has('transfer-encoding')) ignored.add('content-length');
  const kept = [...headers].filter(([name]) => !ignored.has(name));
  return Object.fromEntries(kept.map(([name, value]) => [name, shapeOf(name, String(value))]));
}

function shapeOf(name: string, value: string): string {
  switch (name) {
    case 'date':
      return value.replace(/^\w{3}, \d{2} \w{3} \d{4} \d{2}:\d{2}:\d{2} GMT$/, 'a date');
    case 'etag':
      return value.replace(/0[0-9a-f]{32}/, '0md5');
    case 'remaining-req':
      return value.replace(/sec=\d+$/, 'sec=N');
    case 'content-length':
      return value.replace(/^\d+$/, 'N');
    default:
      return value;
  }
}
