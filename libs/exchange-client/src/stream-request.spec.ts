import { InvalidValue, parseMarketCode, Timeframe } from '@candlekeep/market';
import { requireAskable, streamRequest, type StreamSubscription } from './stream-request';

const markets = ['KRW-BTC', 'KRW-ETH'].map(parseMarketCode);

function candles(code: string): StreamSubscription {
  return { kind: 'candle', timeframe: Timeframe.parse(code), markets };
}

describe('stream request', () => {
  it('names itself, asks for each kind, and states the format last', () => {
    const text = streamRequest('a-ticket', [candles('1m'), { kind: 'trade', markets }]);
    expect(text).toBe(
      '[{"ticket":"a-ticket"},{"type":"candle.1m","codes":["KRW-BTC","KRW-ETH"]},' +
        '{"type":"trade","codes":["KRW-BTC","KRW-ETH"]},{"format":"DEFAULT"}]',
    );
  });

  it.each(['1s', '1m', '3m', '5m', '10m', '15m', '30m', '60m', '240m'])('may be for %s', (code) => {
    requireAskable([candles(code)]);
    expect(streamRequest('t', [candles(code)])).toContain(`"type":"candle.${code}"`);
  });

  it.each([
    ['nothing', [], 'was opened for nothing'],
    ['no market', [{ kind: 'ticker' as const, markets: [] }], 'ticker names no market'],
    ['days', [candles('1d')], 'streams no candle.1d'],
    ['years among minutes', [candles('1m'), candles('1y')], 'streams no candle.1y'],
  ])('is refused for %s', (_what, subscriptions, problem) => {
    expect(() => {
      requireAskable(subscriptions);
    }).toThrow(problem);
    expect(() => {
      requireAskable(subscriptions);
    }).toThrow(InvalidValue);
  });
});
