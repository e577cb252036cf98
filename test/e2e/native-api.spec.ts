import { SystemClock } from '@candlekeep/clock';
import { tableFromIPC } from 'apache-arrow';
import { z } from 'zod';
import { candleSchemas } from '../../apps/gateway/src/api-description/candle-schemas';
import { knowledgeSchemas } from '../../apps/gateway/src/api-description/knowledge-routes';
import { House } from '../support/house';
import { redisDatabases } from '../support/redis-databases';

const MINUTE = 60_000;
const clock = new SystemClock();
/** A minute whose candles below are beyond change. */
const past = (minutesAgo: number): number =>
  (Math.floor(clock.nowMs() / MINUTE) - minutesAgo) * MINUTE;
const iso = (ms: number): string => new Date(ms).toISOString().slice(0, 19);

const rowsBody = candleSchemas.CandleRows;
const problem = z.object({
  status: z.number(),
  detail: z.string(),
  errors: z.array(z.object({ field: z.string(), expected: z.string() })).optional(),
});
const batchAnswer = z.object({
  answers: z.array(
    z.object({
      id: z.string().optional(),
      status: z.number(),
      body: z.unknown().optional(),
      problem: z.unknown().optional(),
    }),
  ),
});

/** A body of the exchange's form, newest first, as rows of ours, oldest first: text by text. */
function rowsOfExchange(body: string) {
  const members = {
    ...{ open: 'opening_price', high: 'high_price', low: 'low_price', close: 'trade_price' },
    ...{ volume: 'candle_acc_trade_volume', turnover: 'candle_acc_trade_price' },
    ...{ previousClose: 'prev_closing_price', change: 'change_price', changeRate: 'change_rate' },
  };
  const rows = body.slice(2, -2).split('},{');
  const read = (row: string, member: string) =>
    new RegExp(`"${member}":"?([^",}]+)`).exec(row)?.[1];
  return rows.reverse().map((row) => ({
    openMs: Date.parse(`${read(row, 'candle_date_time_utc')}Z`),
    timestampMs: Number(read(row, 'timestamp')),
    ...Object.fromEntries(
      Object.entries(members).flatMap(([name, member]) => {
        const text = read(row, member);
        return text === undefined ? [] : [[name, text]];
      }),
    ),
  }));
}

describe('the native API', () => {
  let house: House;

  beforeAll(async () => {
    house = await House.start({ redisDatabase: redisDatabases.nativeApi, workers: 2 });
  });
  afterAll(async () => {
    await house.close();
  });

  const ask = async (query: string, headers: Record<string, string> = {}) =>
    await house.ask(`/api/candles?${query}`, headers);
  const rowsOf = async (query: string, headers: Record<string, string> = {}) => {
    const { status, body } = await ask(query, headers);
    expect([status, status === 200 ? '' : body]).toEqual([200, '']);
    const read: unknown = JSON.parse(body);
    const parsed = rowsBody.parse(read);
    expect(parsed).toEqual(read);
    return parsed;
  };
  const refused = async (query: string, headers: Record<string, string> = {}) => {
    const { status, headers: said, body } = await ask(query, headers);
    expect(said['content-type']).toMatch('application/problem+json');
    const read = problem.parse(JSON.parse(body));
    expect(read.status).toBe(status);
    return { status, fields: read.errors?.map(({ field }) => field) ?? [], detail: read.detail };
  };
  const post = async (body: unknown) =>
    await fetch(`${house.gateways[0]!.url()}/api/candles/batch`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

  it.each([
    ['1s', 'seconds'],
    ['1m', 'minutes/1'],
    ['15m', 'minutes/15'],
    ['1d', 'days'],
    ['1w', 'weeks'],
    ['1M', 'months'],
    ['1y', 'years'],
  ])('tells candles of %s in the digits of /v1', async (timeframe, path) => {
    const before = past(3_000);
    const patient = { 'cache-control': 'max-age=60' };
    for (const [ours, theirs] of [
      [`to=${before}`, `&to=${iso(before)}`],
      ['', ''],
    ]) {
      const v1 = await house.ask(`/v1/candles/${path}?market=KRW-BTC&count=99${theirs}`, patient);
      const { candles } = await rowsOf(
        `market=KRW-BTC&timeframe=${timeframe}&count=99&${ours}`,
        patient,
      );
      expect(candles).toEqual(rowsOfExchange(v1.body));
    }
  });

  it('tells when it was so, what is final, where it came from, and a caller who has it already nothing', async () => {
    const query = 'market=KRW-BTC&timeframe=1m&count=50';
    const patient = { 'cache-control': 'max-age=60' };
    const first = await ask(query, patient);
    const { asOfMs, finalCount, short } = rowsBody.parse(JSON.parse(first.body));
    expect(first.headers).toMatchObject({
      ...{ 'x-candlekeep-as-of': String(asOfMs), 'x-candlekeep-final-count': String(finalCount) },
      ...{ vary: 'Accept', 'content-type': 'application/json; charset=utf-8' },
    });
    expect([finalCount, short]).toEqual([expect.any(Number), null]);
    expect(clock.nowMs() - asOfMs).toBeLessThan(60_000);
    const again = await ask(query, { ...patient, 'if-none-match': first.headers.etag ?? '' });
    expect([again.status, again.body]).toEqual([304, '']);
    expect(again.headers['cache-status']).toMatch(/^candlekeep; hit; detail=l[01]$/);
  });

  it('fills the empty slots of a thin market', async () => {
    const to = past(200);
    const patient = { 'cache-control': 'max-age=60' };
    const v1 = await house.ask(
      `/v1/candles/minutes/1?market=KRW-KNC&count=200&to=${iso(to)}`,
      patient,
    );
    const known = rowsOfExchange(v1.body);
    for (const [fill, count] of [
      ['null', 180],
      ['forward', 190],
      ['forward', 400],
    ] as const) {
      const asked = `market=KRW-KNC&timeframe=1m&count=${count}&to=${to}&fill=${fill}`;
      const { candles, finalCount } = await rowsOf(asked, patient);
      expect(candles.map(({ openMs }) => openMs)).toEqual(
        Array.from({ length: count }, (_, index) => to - (count - index) * MINUTE),
      );
      expect(finalCount).toBe(count);
      const firstMs = candles[0]!.openMs!;
      const traded = candles.filter(({ isEmpty }) => isEmpty === false);
      expect(traded).toEqual(
        known.filter(({ openMs }) => openMs >= firstMs).map((row) => ({ ...row, isEmpty: false })),
      );
      expect(traded.length).toBeLessThan(count);
      let close = known.findLast(({ openMs }) => openMs < firstMs);
      for (const slot of candles) {
        if (slot.isEmpty !== true) close = known.find(({ openMs }) => openMs === slot.openMs);
        else if (fill === 'null') expect(slot).toMatchObject({ open: null, volume: null });
        else expect(slot).toMatchObject({ ...pickClose(close), volume: '0', turnover: '0' });
      }
    }
  });

  it('says that it is short where history begins', async () => {
    const answer = await ask('market=KRW-BTC&timeframe=1y&count=500');
    const { candles, short } = rowsBody.parse(JSON.parse(answer.body));
    expect(short).toEqual({ wanted: 500, got: candles.length, reason: 'history-begins' });
    expect(answer.headers['x-candlekeep-short']).toBe(
      `wanted=500; got=${candles.length}; reason=history-begins`,
    );
  });

  it('brings a range that nobody knows page by page, and more newest candles than a page', async () => {
    const [from, to] = [past(9_000), past(7_000)];
    const query = `market=KRW-ETH&timeframe=1m&from=${from}&to=${iso(to)}Z`;
    let rows: readonly unknown[] = [];
    const calls = await house.callsDuring(async () => {
      rows = (await rowsOf(query)).candles;
    });
    expect(calls).toBeLessThanOrEqual(12);
    const theirs: unknown[] = [];
    for (let end = to; end > from; end -= 200 * MINUTE) {
      const path = `/v1/candles/minutes/1?market=KRW-ETH&count=200&to=${iso(end)}`;
      theirs.unshift(...rowsOfExchange((await house.askExchange(path)).body));
    }
    expect(rows).toEqual(theirs);
    expect(await house.callsDuring(async () => await rowsOf(query))).toBe(0);
    const many = await rowsOf(`market=KRW-ETH&timeframe=1m&count=1500&to=${to}`);
    expect(many.candles).toEqual(theirs.slice(-1_500));
  });

  it('tells the same in four forms', async () => {
    const query = `market=KRW-BTC&timeframe=1d&count=40&to=${past(9_000)}`;
    const { candles } = await rowsOf(query);
    const { body } = await ask(`${query}&format=columns`);
    const columns = candleSchemas.CandleColumns.parse(JSON.parse(body)).columns;
    const csv = await ask(query, { accept: 'text/csv' });
    const [names = '', ...lines] = csv.body.trim().split('\r\n');
    const arrow = await fetch(`${house.gateways[0]!.url()}/api/candles?${query}`, {
      headers: { accept: 'application/vnd.apache.arrow.stream' },
    });
    const table = tableFromIPC(new Uint8Array(await arrow.arrayBuffer()));
    expect(names.split(',')).toEqual(Object.keys(columns));
    for (const [index, row] of candles.entries()) {
      const read: unknown = table.get(index)?.toJSON();
      expect(read).toEqual(row);
      expect(lines[index]).toBe(Object.values(row).join(','));
      expect(Object.values(columns).map((values) => values?.[index])).toEqual(Object.values(row));
    }
  });

  it('answers many questions at once, the bad ones beside the good ones', async () => {
    const to = past(9_000);
    const questions = ['KRW-BTC', 'KRW-NOPE', 'KRW-ETH', 'KRW-BTC'].map((market, index) => ({
      ...{ id: `q${index}`, market, timeframe: index === 3 ? '2m' : '15m', to, count: 30 },
      format: index === 2 ? 'columns' : 'rows',
    }));
    const response = await post({ requests: questions });
    expect(response.status).toBe(200);
    const { answers } = batchAnswer.parse(await response.json());
    expect(answers.map(({ id, status }) => [id, status])).toEqual([
      ['q0', 200],
      ['q1', 404],
      ['q2', 200],
      ['q3', 400],
    ]);
    const { candles } = await rowsOf(`market=KRW-BTC&timeframe=15m&count=30&to=${to}`);
    expect(rowsBody.parse(answers[0]?.body).candles).toEqual(candles);
    expect(candleSchemas.CandleColumns.parse(answers[2]?.body).columns.openMs).toHaveLength(30);
    expect(problem.parse(answers[3]?.problem).errors).toMatchObject([{ field: 'timeframe' }]);
    expect((await post({ requests: [] })).status).toBe(400);
    expect((await post(7)).status).toBe(400);
  });

  it('refuses what it cannot answer, and says why', async () => {
    expect(await refused('market=KRW-BTC&timeframe=2m&count=0&limit=5')).toMatchObject({
      ...{ status: 400, fields: ['timeframe', 'count', 'limit'] },
    });
    expect(await refused('market=KRW-NOPE&timeframe=1m')).toMatchObject({ status: 404 });
    const cold = await refused('market=KRW-DOGE&timeframe=1w', {
      'cache-control': 'only-if-cached',
    });
    expect(cold).toMatchObject({ status: 504 });
    const year = 'market=KRW-BTC&timeframe=1m&from=2024-01-01T00:00:00Z&to=2025-01-01T00:00:00Z';
    expect(await refused(`${year}&format=columns`)).toMatchObject({
      ...{ status: 400, fields: ['format'] },
    });
    const strange = await refused('market=KRW-BTC&timeframe=1m', { 'x-candlekeep-class': 'boss' });
    expect(strange).toMatchObject({ status: 400 });
    expect(strange.detail).toContain('X-Candlekeep-Class');
  });

  it('says what is stored, and which markets there are', async () => {
    await rowsOf(`market=KRW-SOL&timeframe=60m&count=200&to=${past(9_000)}`);
    const { body } = await house.ask('/api/coverage?market=KRW-SOL&timeframe=1h');
    const { series } = knowledgeSchemas.Coverage.parse(JSON.parse(body));
    expect(series).toMatchObject([{ timeframe: '60m', ranges: [{}] }]);
    expect((await house.ask('/api/coverage?market=SOL&timeframe=9m')).status).toBe(400);
    expect((await house.ask('/api/coverage?market=KRW-NOPE')).status).toBe(404);
    const markets = await house.ask('/api/markets');
    expect(z.array(knowledgeSchemas.Market).parse(JSON.parse(markets.body))).toContainEqual({
      ...{ market: 'KRW-BTC', koreanName: '비트코인', englishName: 'Bitcoin' },
    });
  });

  it('shows its description on a page that asks nobody else', async () => {
    const page = await house.ask('/docs');
    expect(page.headers['content-security-policy']).toMatch(/^default-src 'self';/);
    const sources = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path = '']) => path);
    expect(sources.length).toBeGreaterThan(2);
    for (const path of sources) expect((await house.ask(path)).status).toBe(200);
    expect((await house.ask('/docs/package.json')).status).toBe(404);
    expect(JSON.parse((await house.ask('/api/openapi.json')).body)).toHaveProperty('paths');
  });
});

function pickClose(row: Readonly<Record<string, unknown>> | undefined) {
  return { open: row?.close, high: row?.close, low: row?.close, close: row?.close };
}
