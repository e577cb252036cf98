import { SystemClock } from '@candlekeep/clock';
import { expectCandlesBetween, expectSameWhenStill } from '../../support/clients/agreement';
import {
  CCXT_TIMEFRAMES,
  ccxtCandleCalls,
  readCcxtCandles,
} from '../../support/clients/ccxt-candles';
import { type Call, SideBySide } from '../../support/clients/side-by-side';
import { redisDatabases } from '../../support/redis-databases';

const QUOTES: readonly Call[] = [
  ['fetchTicker', 'BTC/KRW'],
  ['fetchTickers', ['BTC/KRW', 'KNC/KRW']],
  ['fetchTickers'],
  ['fetchTrades', 'BTC/KRW'],
  ['fetchTrades', 'ETH/KRW', undefined, 7],
  // A thin market's: the books of others are never still for a second.
  ['fetchOrderBook', 'KNC/KRW'],
  ['fetchOrderBook', 'KNC/KRW', 5],
  ['fetchOrderBooks', ['KNC/KRW']],
];

/** Calls that the exchange refuses, by the client's class of error. */
const REFUSED: readonly (readonly [error: string, call: Call])[] = [
  ['BadSymbol', ['fetchOHLCV', 'NOPE/KRW']],
  ['ExchangeError', candles('1m', { market: 'KRW-NOPE' })],
  ['ExchangeError', candles('1m', { market: '' })],
  ['ExchangeError', candles('1m', { to: 'yesterday' })],
  ['ExchangeError', candles('1d', { count: 'abc' })],
  ['ExchangeError', candles('1w', { count: -3 })],
  ['ExchangeError', candles('1m', { unit: 2 })],
  ['BadRequest', ['publicGetCandlesTimeframe', { timeframe: 'days' }]],
  ['ExchangeError', ['publicGetCandlesTimeframe', { timeframe: 'hours' }]],
  ['BadRequest', ['publicGetTicker', {}]],
  ['ExchangeError', ['publicGetTicker', { markets: 'KRW-BTC,KRW-NOPE' }]],
  ['BadRequest', ['publicGetTickerAll', {}]],
  ['BadRequest', ['publicGetTradesTicks', {}]],
  ['ExchangeError', ['publicGetTradesTicks', { market: 'KRW-NOPE' }]],
  ['ExchangeError', ['publicGetTradesTicks', { market: 'KRW-BTC', count: 'many' }]],
  ['ExchangeError', ['publicGetTradesTicks', { market: 'KRW-BTC', to: 'noon' }]],
  ['ExchangeError', ['publicGetTradesTicks', { market: 'KRW-BTC', days_ago: 8 }]],
  ['ExchangeError', ['publicGetOrderbook', { markets: 'KRW-NOPE' }]],
  ['BadRequest', ['publicGetOrderbook', {}]],
];

function candles(timeframe: string, parameters: object): Call {
  return ['fetchOHLCV', 'BTC/KRW', timeframe, undefined, 3, parameters];
}

describe('an unmodified ccxt', () => {
  let sides: SideBySide;
  const nowMs = new SystemClock().nowMs();

  beforeAll(async () => {
    sides = await SideBySide.start({ client: 'ccxt', redisDatabase: redisDatabases.ccxt });
  });
  afterAll(async () => {
    await sides.close();
  });

  it.each(['loadMarkets', 'fetchMarkets'])('reads the same markets by %s', async (method) => {
    const ours = await sides.ours([method]);
    expect(ours.kind).toBe('returned');
    expect(ours).toEqual(await sides.theirs([method]));
  });

  it.each(CCXT_TIMEFRAMES)('reads the same candles of %s, the newest included', async (...of) => {
    const answers = await sides.sandwiches(ccxtCandleCalls(...of, nowMs));
    for (const answer of answers) expectCandlesBetween(answer, readCcxtCandles);
  });

  it('gets a full page of 200 when it asks for 500', async () => {
    const page = await sides.ours(['fetchOHLCV', 'BTC/KRW', '5m', undefined, 500]);
    expect(page).toMatchObject({ kind: 'returned', value: { length: 200 } });
  });

  it('is told the same tickers, trades and order books', async () => {
    await expectSameWhenStill(sides, QUOTES);
  });

  for (const [error, call] of REFUSED) {
    it(`throws the same ${error} by ${JSON.stringify(call)}`, async () => {
      const ours = await sides.ours(call);
      expect(ours).toMatchObject({ kind: 'threw', thrown: { error } });
      expect(ours).toEqual(await sides.theirs(call));
    });
  }

  it('throws RateLimitExceeded when the exchange itself has enough', async () => {
    const outcomes = await sides.theirsInBurst(15, ['publicGetTicker', { markets: 'KRW-BTC' }]);
    const threw = outcomes.filter(({ kind }) => kind === 'threw');
    const refused = { kind: 'threw', thrown: { error: 'RateLimitExceeded' } };
    expect(threw.length).toBeGreaterThanOrEqual(5);
    for (const outcome of threw) expect(outcome).toMatchObject(refused);
  });

  describe('while the exchange', () => {
    const away = { kind: 'threw', thrown: { error: 'ExchangeNotAvailable' } };

    it('refuses the workers throws ExchangeNotAvailable, since the caller itself did nothing wrong', async () => {
      await sides.house.disturb({ kind: 'rate-limited', match: { group: 'orderbook' } });
      expect(await sides.ours(['fetchOrderBook', 'ETH/KRW'])).toMatchObject(away);
      await sides.house.calm();
    });

    it('is away throws ExchangeNotAvailable, and goes on reading what is known', async () => {
      const closed: Call = ['fetchOHLCV', 'BTC/KRW', '1h', nowMs - 300 * 3_600_000, 20];
      const known = await sides.ours(closed);
      await sides.house.simulator.stop();
      expect(await sides.ours(['fetchTicker', 'ETH/KRW'])).toMatchObject(away);
      expect(await sides.ours(['fetchOHLCV', 'ETH/KRW', '1h'])).toMatchObject(away);
      expect(known).toMatchObject({ kind: 'returned', value: { length: 20 } });
      expect(await sides.ours(closed)).toEqual(known);
    });
  });
});
