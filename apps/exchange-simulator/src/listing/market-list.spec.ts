import { parseIsoSeconds, parseMarketCode, Timeframe, type Candle } from '@candlekeep/market';
import { Exchange } from '../exchange';

const NEW = parseMarketCode('KRW-NEW');
const SOL = parseMarketCode('KRW-SOL');
const listedMs = parseIsoSeconds('2026-11-22T13:50:00');

function minutes(exchange: Exchange, market: typeof NEW, nowMs: number): Candle[] {
  const timeframe = Timeframe.parse('1m');
  return exchange.candles({ market, timeframe, count: 200, beforeMs: Infinity }, nowMs);
}

describe('the list of markets', () => {
  it('takes a market on at run time: it trades as another one does, from that minute on', () => {
    const exchange = new Exchange();
    expect(exchange.list.list(NEW, 'KRW-SOL', listedMs + 31_000).kind).toBe('listed');
    const nowMs = listedMs + 30 * 60_000;
    const model = minutes(exchange, SOL, nowMs).filter(({ openMs }) => openMs >= listedMs);
    expect(minutes(exchange, NEW, nowMs)).toEqual(model);
    expect(model.length).toBeGreaterThan(20);
    expect(exchange.findMarket('krw-new')).toBe('KRW-NEW');
    expect(exchange.markets.at(-1)).toMatchObject({ market: 'KRW-NEW', englishName: 'Solana' });
  });

  it('takes a market off, after which it is unknown, and can take it on again as a new one', () => {
    const exchange = new Exchange();
    expect(exchange.list.delist('KRW-SOL')).toBe(true);
    expect(exchange.list.delist('KRW-SOL')).toBe(false);
    expect(exchange.findMarket('KRW-SOL')).toBeUndefined();
    expect(minutes(exchange, SOL, listedMs)).toEqual([]);
    expect(exchange.list.delisted()).toEqual(['KRW-LUNA', 'KRW-SOL']);
    exchange.list.list(SOL, 'KRW-SOL', listedMs);
    expect(exchange.list.delisted()).toEqual(['KRW-LUNA']);
    expect(minutes(exchange, SOL, listedMs + 600_000).length).toBeLessThanOrEqual(11);
  });

  it('says why it cannot take a market on', () => {
    const { list } = new Exchange();
    expect(list.list(SOL, 'KRW-BTC', listedMs)).toEqual({ kind: 'listed-already' });
    expect(list.list(NEW, 'KRW-XRP', listedMs)).toEqual({
      kind: 'no-recording',
      known: ['KRW-BTC', 'KRW-ETH', 'KRW-SOL', 'KRW-DOGE', 'KRW-KNC'],
    });
  });
});
