import { parseMarketCode, Timeframe } from '@candlekeep/market';
import { z } from 'zod';
import { capturedBody } from '../testing/fake-exchange';
import { readStreamFrame } from './read-stream-frame';
import { askedSeries } from './stream-request';

const framesIn = z.object({ frames: z.array(z.string()) });
const tradeIn = z.object({ ws_frame: z.string() });
const controlIn = z.object({ korea: z.array(z.string()), indonesia: z.array(z.string()) });
const CANDLES = framesIn.parse(JSON.parse(capturedBody('stream-candles'))).frames;
const TICKERS = framesIn.parse(JSON.parse(capturedBody('stream-tickers'))).frames;
const TRADE = tradeIn.parse(JSON.parse(capturedBody('stream-trade'))).ws_frame;
const control = controlIn.parse(JSON.parse(capturedBody('stream-control')));
const DECLINES = [...control.korea, ...control.indonesia].filter((text) => text.includes('error'));
const markets = ['KRW-BTC', 'KRW-ETH'].map(parseMarketCode);
const asked = askedSeries([
  { kind: 'candle', timeframe: Timeframe.parse('1m'), markets },
  { kind: 'candle', timeframe: Timeframe.parse('5m'), markets },
  { kind: 'trade', markets },
  { kind: 'ticker', markets },
]);

function read(text: string | Buffer) {
  return readStreamFrame(Buffer.from(text), asked);
}

function frameIn(text: string) {
  const outcome = read(text);
  if (outcome.kind !== 'frame') throw new Error(`${JSON.stringify(outcome)}: ${text}`);
  return outcome.frame;
}

/** The number text of a field, found without a JSON parser. */
function textOf(field: string, frame: string): string | undefined {
  return new RegExp(`"${field}":([^,}]+)`).exec(frame)?.[1];
}

describe('captured frames', () => {
  it.each(CANDLES)('keep every digit of a candle: %s', (text) => {
    const frame = frameIn(text);
    expect(frame).toMatchObject({
      kind: 'candle',
      open: textOf('opening_price', text),
      high: textOf('high_price', text),
      low: textOf('low_price', text),
      close: textOf('trade_price', text),
      volume: textOf('candle_acc_trade_volume', text),
      turnover: textOf('candle_acc_trade_price', text),
      timestampMs: Number(textOf('timestamp', text)),
      isSnapshot: text.includes('SNAPSHOT'),
    });
    expect(`"${frame.market}"`).toBe(textOf('code', text));
  });

  it('name candles by timeframe and open', () => {
    expect(frameIn(CANDLES[5]!)).toMatchObject({
      timeframe: Timeframe.parse('5m'),
      openMs: Date.UTC(2026, 6, 30, 7, 50),
    });
  });

  it('keep every digit of an execution, its long id too', () => {
    expect(frameIn(TRADE)).toEqual({
      kind: 'trade',
      market: 'KRW-BTC',
      sequentialId: '17853950437790001',
      tradedAtMs: 1785395043779,
      sentAtMs: 1785395043831,
      price: '91361000.00000000',
      volume: '0.01275549',
      taker: 'ask',
      isSnapshot: false,
    });
  });

  it('keep every digit of a ticker, its padded turnover too', () => {
    expect(frameIn(TICKERS[0]!)).toEqual({
      kind: 'ticker',
      market: 'KRW-BTC',
      tradedAtMs: 1758875205145,
      sentAtMs: 1758875205276,
      price: '158201000.00000000',
      open: '158219000.00000000',
      high: '159278000.00000000',
      low: '157588000.00000000',
      previousClose: '158200000.00000000',
      volume: '600.02894052',
      turnover: '95078733694.37920000',
      isSnapshot: true,
    });
    expect(frameIn(TICKERS[1]!)).toMatchObject({ isSnapshot: false, volume: '600.09226312' });
  });

  it.each(DECLINES)('of declines are read in any order of their keys: %s', (text) => {
    const name = /"name":"([A-Z_]+)"/.exec(text)?.[1];
    expect(read(text)).toMatchObject({ kind: 'declined', name });
  });
});

describe('frame of the stream', () => {
  const candle = CANDLES[0]!;

  it('may have 16 digits of turnover, and loses none', () => {
    const text = candle.replace('14139448.26754000', '14139448.2675400012345678');
    expect(frameIn(text)).toMatchObject({ turnover: '14139448.2675400012345678' });
    const padded = candle.replace('14139448.26754000', '14139448.2675400000000000');
    expect(frameIn(padded)).toMatchObject({ turnover: '14139448.26754000' });
  });

  it('may have numbers in exponent form', () => {
    const text = TRADE.replace('0.01275549', '2.1E-7');
    expect(frameIn(text)).toMatchObject({ volume: '0.00000021' });
  });

  it('of an order book says that it changed, and when', () => {
    const book = readStreamFrame(
      Buffer.from(
        '{"type":"orderbook","code":"KRW-BTC","timestamp":1790134742106,"total_ask_size":2.51469375,"total_bid_size":1.63815297,"orderbook_units":[{"ask_price":1.16539E8,"bid_price":1.16538E8,"ask_size":0.02054761,"bid_size":0.08120946}],"stream_type":"REALTIME","level":0}',
      ),
      askedSeries([{ kind: 'orderbook', markets }]),
    );
    const frame = { kind: 'orderbook', market: 'KRW-BTC', sentAtMs: 1790134742106 };
    expect(book).toEqual({ kind: 'frame', frame: { ...frame, isSnapshot: false } });
  });

  it('may only say that the exchange is there', () => {
    expect(read('{"status":"UP"}')).toEqual({ kind: 'alive' });
  });

  it.each([
    ['no JSON', 'UP', 'are no JSON text'],
    ['cut', candle.slice(0, -1), 'are no JSON text'],
    ['no UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), 'are no JSON text'],
    ['a list', `[${candle}]`, 'names no type and code'],
    ['nothing', 'null', 'names no type and code'],
    ['of another market', candle.replace('KRW-BTC', 'KRW-XRP'), 'candle.1m KRW-XRP was not asked'],
    ['of another length', candle.replace('candle.1m', 'candle.3m'), 'candle.3m KRW-BTC was not'],
    ['of another kind', candle.replace('candle.1m', 'orderbook'), 'orderbook KRW-BTC was not'],
    ['in another format', '{"ty":"trade","cd":"KRW-BTC"}', 'names no type and code'],
    ['off the grid', candle.replace('07:45:00', '07:45:30'), 'candle_date_time_utc is not where'],
    ['of two times', candle.replace('16:45:00', '16:46:00'), 'candle_date_time_kst is not nine'],
    [
      'below its low',
      candle.replace('"trade_price":91157', '"trade_price":91141'),
      'trade_price is',
    ],
    ['without volume', candle.replace('0.15511395', '0E-8'), 'trade_volume is not above zero'],
    ['of lost digits', candle.replace('0.15511395', '0.155113951'), 'trade_volume "0.155113951"'],
    ['without a type', candle.replace('SNAPSHOT', 'LATER'), 'stream_type'],
    ['of a text price', TRADE.replace('91361000.0', '"91361000.0"'), 'trade_price is no number'],
    ['of no price', TRADE.replace('"trade_price":91361000.0', '"trade_price":0'), 'is not above'],
    ['of a negative price', TRADE.replace('91361000.0', '-91361000.0'), 'is not above zero'],
    ['of no side', TRADE.replace('"ASK"', '"BOTH"'), 'ask_bid'],
    ['of a broken id', TRADE.replace('17853950437790001', '1.7E16'), 'sequential_id is no whole'],
    ['ticker of no time', TICKERS[0]!.replace('"trade_timestamp"', '"t"'), 'trade_timestamp is no'],
  ])('is never guessed: %s', (_what, text, problem) => {
    const outcome = read(text);
    expect(outcome.kind).toBe('malformed');
    expect(outcome.kind === 'malformed' && outcome.problem).toContain(problem);
  });
});
