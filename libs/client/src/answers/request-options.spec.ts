import { callWith } from '../../test/call-with';
import { eachWithGateway } from '../../test/each-with-gateway';

const BTC = { market: 'KRW-BTC', timeframe: '1m' };
const ignore = (): void => undefined;
const COUNT = 'expected a whole number from 1 to 10,000';

describe('options of a request', () => {
  const rig = eachWithGateway();

  const rejection = async (method: 'getCandles' | 'getColumns' | 'getMarkets', given: unknown) => {
    const asking = Promise.resolve(callWith(rig.client, method, given));
    const reason: unknown = await asking.catch((error: unknown) => error);
    return reason instanceof TypeError ? reason.message : `no TypeError but ${String(reason)}`;
  };

  it.each([
    [{ ...BTC, count: '5' }, `count is '5': ${COUNT}`],
    [{ ...BTC, count: 0 }, `count is 0: ${COUNT}`],
    [{ ...BTC, count: 10_001 }, `count is 10001: ${COUNT}`],
    [{ ...BTC, count: null }, `count is null: ${COUNT}`],
    [{ ...BTC, closed: 'true' }, "closed is 'true': expected true or false"],
    [{ ...BTC, maxAgeSeconds: 0.5 }, 'maxAgeSeconds is 0.5: expected whole seconds, 0 or more'],
    [{ ...BTC, toMs: new Date(1.5e12) }, 'toMs is 2017-07-14T02:40:00.000Z: expected an instant'],
    [{ ...BTC, toMs: 1.5e9 }, 'this looks like seconds'],
    [{ ...BTC, fill: 'none' }, "fill is 'none': expected one of sparse, null, forward"],
    [{ ...BTC, deadlineMs: '5' }, "deadlineMs is '5': expected milliseconds"],
    [{ ...BTC, signal: new AbortController() }, 'signal is AbortController'],
    [{ ...BTC, cuont: 5 }, 'getCandles has no option cuont: known are market, timeframe, count'],
    [{ ...BTC, columns: ['close'] }, 'getCandles has no option columns'],
    [{ timeframe: '1m' }, 'market is undefined: expected a market such as KRW-BTC'],
    [{ market: 'KRW-BTC' }, 'timeframe is undefined: expected a timeframe such as 1m'],
    [undefined, 'getCandles takes an object of options: market, timeframe, count'],
  ])('that are wrong fail the call alone, before anything is sent: %j', async (given, reason) => {
    const other = rig.client.getCandles({ ...BTC, count: 2 });
    expect(await rejection('getCandles', given)).toContain(reason);
    expect((await other).candles).toHaveLength(2);
    expect(rig.gateway.paths).toEqual(['GET /api/candles']);
  });

  it.each([['close'], [[]], [['closes']], [['close', 7]]])(
    'name columns that there are: not %j',
    async (columns) => {
      expect(await rejection('getColumns', { ...BTC, columns })).toContain(
        ': expected a list of openMs, open, high, low, close, volume, turnover',
      );
    },
  );

  it('may be left undefined', async () => {
    const open = { count: undefined, toMs: undefined, closed: undefined, fill: undefined };
    const page = await rig.client.getCandles({ ...BTC, ...open, maxAgeSeconds: undefined });
    expect(page.candles).toHaveLength(200);
  });

  it('are looked at for the list of markets as well', async () => {
    expect(await rejection('getMarkets', { deadline: 5 })).toBe(
      'getMarkets has no option deadline: known are signal, deadlineMs',
    );
  });

  it.each([
    [[BTC], {}, 'candle is undefined: expected a function'],
    [[BTC], undefined, 'a subscription takes an object of handlers'],
    [[BTC], { candle: ignore, problems: ignore }, 'a subscription has no handler problems'],
    [[BTC], { candle: ignore, gap: 'no' }, "gap is 'no': expected a function"],
    [[BTC, { timeframe: '1m' }], { candle: ignore }, 'series[1].market is undefined: expected'],
    [['KRW-BTC:1m'], { candle: ignore }, "series[0] is 'KRW-BTC:1m': expected { market"],
    [BTC, { candle: ignore }, 'expected at least one { market, timeframe }'],
  ])('of a subscription are looked at: %p %p', (series, handlers, reason) => {
    const subscribe = (): unknown => callWith(rig.client, 'subscribe', series, handlers);
    expect(subscribe).toThrow(TypeError);
    expect(subscribe).toThrow(reason);
    expect(rig.gateway.asked).toEqual([]);
  });
});
