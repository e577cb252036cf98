import { get, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { SystemClock } from '@candlekeep/clock';
import { House } from '../support/house';
import { redisDatabases } from '../support/redis-databases';

const MINUTE = 60_000;
const ROWS = 200_000;
const fromMs = Date.UTC(2024, 0, 1);
const untilMs = fromMs + ROWS * MINUTE;
const query = `market=KRW-SOL&timeframe=1m&from=${fromMs}&to=${untilMs}`;
const clock = new SystemClock();

/** Candles of each minute of the range, in the store and beyond doubt. */
const SEED = `
  WITH seeded AS (
    INSERT INTO candles (market, timeframe, open_time, last_tick_ms, open, high, low, close, volume, turnover)
    SELECT 'KRW-SOL', '1m', at, (extract(epoch FROM at) * 1000)::bigint + 59000, 100, 101, 99, 100.5, 1.25, 125.625
      FROM generate_series(to_timestamp(${fromMs / 1_000}), to_timestamp(${untilMs / 1_000 - 1}), '1 minute') AS at)
  INSERT INTO coverage (market, timeframe, ranges, verified)
  SELECT 'KRW-SOL', '1m', known, known
    FROM (VALUES (tstzmultirange(tstzrange(to_timestamp(${fromMs / 1_000}), to_timestamp(${untilMs / 1_000}))))) AS of (known)`;

const lineOf = (openMs: number): string =>
  `${openMs},100.00000000,101.00000000,99.00000000,100.50000000,1.25000000,125.62500000,${openMs + 59_000}`;

describe('a long range', () => {
  let house: House;

  beforeAll(async () => {
    // Far less than the range takes: whoever held it would end here.
    const environment = { NODE_OPTIONS: '--max-old-space-size=96' };
    house = await House.start({ redisDatabase: redisDatabases.nativeRanges, environment });
    await house.sql(SEED);
  });
  afterAll(async () => {
    await house.close();
  });

  const open = async (form: string): Promise<IncomingMessage> => {
    const request = get(`${house.gateways[0]!.url()}/api/candles?${query}&format=${form}`);
    return await new Promise((resolve, reject) => {
      request.on('response', resolve);
      request.on('error', reject);
    });
  };

  it('is streamed to a reader who takes his time, row by row, without being held', async () => {
    const response = await open('csv');
    expect(response.headers['transfer-encoding']).toBe('chunked');
    expect(response.headers.etag).toBeUndefined();
    let rest = '';
    let nextMs = fromMs;
    let chunks = 0;
    for await (const chunk of response) {
      const lines = (rest + String(chunk)).split('\r\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        if (line.startsWith('openMs')) continue;
        if (line !== lineOf(nextMs)) throw new Error(`${line} came instead of ${lineOf(nextMs)}`);
        nextMs += MINUTE;
      }
      chunks += 1;
      if (chunks % 20 === 0) await clock.sleep(10);
    }
    expect([nextMs, rest]).toEqual([untilMs, '']);
    expect((await house.ask('/health/live')).status).toBe(200);
  });

  it('is headers only for HEAD, at once', async () => {
    const url = `${house.gateways[0]!.url()}/api/candles?${query}&format=csv`;
    const response = await fetch(url, { method: 'HEAD' });
    expect([response.status, await response.text()]).toEqual([200, '']);
    expect(response.headers.get('content-type')).toMatch('text/csv');
    expect(response.headers.has('content-length')).toBe(false);
  });

  it('breaks off where it fails midway, and is never taken for whole', async () => {
    const response = await open('rows');
    await once(response, 'readable');
    await house.sql('ALTER TABLE candles RENAME TO hidden');
    const read = async (): Promise<number> => {
      let bytes = 0;
      for await (const chunk of response) bytes += String(chunk).length;
      return bytes;
    };
    try {
      await expect(read()).rejects.toThrow('aborted');
    } finally {
      await house.sql('ALTER TABLE hidden RENAME TO candles');
    }
    expect((await house.ask(`/api/candles?${query}&format=arrow`)).status).toBe(200);
  });
});
