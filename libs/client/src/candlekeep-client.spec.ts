import { inspect } from 'node:util';
import { refuseWith } from '../test/contract-gateway';
import { eachWithGateway } from '../test/each-with-gateway';
import { minute, NEWEST, openOf } from '../test/contract-candles';
import { CandlekeepClient } from './candlekeep-client';
import { CandlekeepRequestFailed } from './request-failed';

const BTC = { market: 'KRW-BTC', timeframe: '1m' };

describe('a client', () => {
  const rig = eachWithGateway({ caller: 'desk-7', class: 'chart' });

  it('gets candles oldest first, in the exact digits, with what the answer says of itself', async () => {
    const page = await rig.client.getCandles({ ...BTC, count: 3, maxAgeSeconds: 60 });
    expect(page).toEqual({
      candles: [minute(NEWEST - 2), minute(NEWEST - 1), minute(NEWEST)],
      ...{ asOfMs: 1_000, finalCount: 2, short: null, source: 'l1' },
    });
    expect(page.candles[0]?.turnover).toBe('9007199254740993.12345678');
  });

  it('asks a lone question by a GET that says who asks, and how old the answer may be', async () => {
    await rig.client.getCandles({
      ...BTC,
      toMs: openOf(10),
      count: 2,
      closed: true,
      maxAgeSeconds: 7,
    });
    const [asked] = rig.gateway.asked;
    expect(asked?.method).toBe('GET');
    expect(`${asked?.url.pathname}${asked?.url.search}`).toBe(
      '/api/candles?market=KRW-BTC&timeframe=1m&count=2&to=1500000600000&closed=true',
    );
    expect(asked?.headers).toMatchObject({
      ...{ 'cache-control': 'max-age=7', 'x-candlekeep-caller': 'desk-7' },
      'x-candlekeep-class': 'chart',
    });
  });

  it('says where this very answer came from, not where its body did', async () => {
    rig.gateway.serveFrom('l0');
    expect(await rig.client.getCandles({ ...BTC, count: 3 })).toMatchObject({ source: 'l0' });
    expect(await rig.client.getColumns({ ...BTC, count: 3 })).toMatchObject({ source: 'l0' });
    const batch = [1, 2].map((count) => rig.client.getCandles({ ...BTC, count }));
    expect((await Promise.all(batch)).map(({ source }) => source)).toEqual(['l1', 'l1']);
  });

  it('says that history is short, and of how much', async () => {
    const { candles, short } = await rig.client.getCandles({ ...BTC, toMs: openOf(5), count: 10 });
    expect(candles).toHaveLength(4);
    expect(short).toEqual({ wanted: 10, got: 4, reason: 'history-begins' });
  });

  it('tells empty slots of a filled page', async () => {
    const nulls = await rig.client.getCandles({ ...BTC, toMs: openOf(5), count: 4, fill: 'null' });
    expect(nulls.candles.map(({ isEmpty, close }) => [isEmpty, close])).toEqual([
      [false, '1.12345678'],
      [false, '2.12345678'],
      [true, null],
      [false, '4.12345678'],
    ]);
    const forward = await rig.client.getCandles({
      ...BTC,
      toMs: openOf(5),
      count: 4,
      fill: 'forward',
    });
    expect(forward.candles.map(({ isEmpty }) => isEmpty)).toEqual([false, false, true, false]);
  });

  it('gets columns as arrays of doubles', async () => {
    const { columns, length } = await rig.client.getColumns({ ...BTC, count: 3 });
    expect(length).toBe(3);
    expect(columns.close).toEqual(
      new Float64Array([NEWEST - 2 + 0.12345678, NEWEST - 1 + 0.12345678, NEWEST + 0.12345678]),
    );
    expect(columns.openMs[2]).toBe(minute(NEWEST).openMs);
  });

  it('gets only the columns asked for, NaN where a slot is empty, and flags', async () => {
    const page = await rig.client.getColumns({
      ...{ ...BTC, toMs: openOf(5), count: 3, fill: 'null' },
      columns: ['close', 'isEmpty'].filter((name) => name === 'close'),
    });
    expect(Object.keys(page.columns)).toEqual(['close']);
    expect([...page.columns.close]).toEqual([2.12345678, NaN, 4.12345678]);
  });

  it('gives each caller columns of his own', async () => {
    const [mine, his] = await Promise.all([
      rig.client.getColumns({ ...BTC, count: 2 }),
      rig.client.getColumns({ ...BTC, count: 2 }),
    ]);
    mine.columns.close[0] = -1;
    expect(his.columns.close[0]).not.toBe(-1);
    expect(rig.gateway.asked).toHaveLength(1);
  });

  it('lists the markets', async () => {
    expect(await rig.client.getMarkets()).toEqual([
      { market: 'KRW-BTC', koreanName: '비트코인', englishName: 'Bitcoin' },
    ]);
  });

  it('fails at once with the reason that the gateway gives', async () => {
    const failure = await rig.client.getCandles({ ...BTC, market: 'KRW-NOPE' }).catch(String);
    expect(failure).toContain(
      'the gateway answered 404 to /api/candles?market=KRW-NOPE&timeframe=1m: KRW-NOPE is not listed.',
    );
    rig.gateway.intervene(refuseWith(504));
    await expect(rig.client.getMarkets()).rejects.toMatchObject({
      status: 504,
      problem: { status: 504, detail: 'It cannot be had now.' },
    });
    expect(rig.gateway.asked).toHaveLength(2);
  });

  it.each([
    ['no JSON', '<html>', 'is no JSON'],
    ['no object', '[]', 'it is no object'],
    ['half a candle', '{"candles":[{"openMs":1}]}', 'candles[0] is {"openMs":1}'],
    ['no facts', '{"candles":[]}', 'no number "asOfMs"'],
  ])('does not take %s for an answer', async (_, body, reason) => {
    rig.gateway.intervene((response) => response.end(body));
    const asking = rig.client.getCandles(BTC);
    await expect(asking).rejects.toThrow(CandlekeepRequestFailed);
    await expect(asking).rejects.toThrow(reason);
  });

  it('keeps its connection, and sends the key that it was given', async () => {
    const ports = new Set<number | undefined>();
    const keyed = new CandlekeepClient({ baseUrl: `${rig.gateway.url}/`, apiKey: 'k-1' });
    for (let count = 1; count <= 5; count += 1) {
      rig.gateway.intervene((response) => {
        ports.add(response.req.socket.remotePort);
        response.end('[]');
      });
      await keyed.getMarkets();
    }
    expect(inspect(keyed, { depth: 4 })).not.toContain('k-1');
    keyed.close();
    expect(ports.size).toBe(1);
    expect(rig.gateway.asked[0]?.headers.authorization).toBe('Bearer k-1');
    expect(rig.gateway.asked[0]?.url.pathname).toBe('/api/markets');
  });

  it('says how it is given the key that a gateway wants', async () => {
    rig.gateway.intervene(refuseWith(401));
    await expect(rig.client.getMarkets()).rejects.toThrow(
      'the gateway answered 401 to /api/markets: It cannot be had now. A client shows the key that is its option apiKey.',
    );
  });

  it('answers nothing any more once it is closed', async () => {
    rig.gateway.intervene(() => undefined);
    const underWay = rig.client.getCandles(BTC);
    const closed = expect(underWay).rejects.toThrow('this client was closed');
    rig.client.close();
    await closed;
    await expect(rig.client.getMarkets()).rejects.toThrow('this client was closed');
    expect(() => rig.client.subscribe([BTC], { candle: () => undefined })).toThrow('was closed');
  });
});
