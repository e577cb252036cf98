import { type Candle, parseMarketCode, Timeframe } from '@candlekeep/market';
import { capturedBody } from '../testing/fake-exchange';
import { readCandlePage } from './candle-page';
import { ExchangeMalformed } from './exchange-error';

/** The Date of the answer: late enough for every recorded page. */
const ANSWERED_MS = Date.UTC(2026, 7, 3, 10, 47);
const TARGET = '/v1/candles/asked';

function read(body: string, code: string, more: { toMs?: number; count?: number } = {}): Candle[] {
  const series = { market: parseMarketCode('KRW-BTC'), timeframe: Timeframe.parse(code) };
  const answer = { target: TARGET, status: 200, header: () => undefined, body };
  return readCandlePage(answer, { series, count: 200, ...more }, ANSWERED_MS);
}

/** The recorded body of a timeframe with one piece of text replaced. */
function wrong(name: string, from: string | RegExp, to: string): string {
  const body = capturedBody(name);
  const changed = body.replace(from, to);
  expect(changed).not.toBe(body);
  return changed;
}

describe('candle page', () => {
  it('takes an empty list for an empty page', () => {
    expect(read('[]', '1m')).toEqual([]);
  });

  it('turns the rows round: oldest first', () => {
    const opens = read(capturedBody('minutes-5'), '5m').map(({ openMs }) => openMs);
    expect(opens).toEqual(opens.toSorted((a, b) => a - b));
    expect(opens).toHaveLength(3);
  });

  it('reads exponents and short numbers into the digits that the exchange prints elsewhere', () => {
    const body = wrong('minutes-1', '1.59335120', '6.968e-05').replace('164899503.14206000', '5');
    const [candle] = read(body, '1m');
    expect(candle).toMatchObject({ volume: '0.00006968', turnover: '5.00000000' });
  });

  it('reads a day that did not move, printed with an exponent', () => {
    const body = wrong('days', '1043000.00000000', '0E-8').replace('0.0101838562', '0E-10');
    expect(read(body, '1d')[0]?.daily).toEqual({
      previousClose: '102417000.00000000',
      change: '0.00000000',
      changeRate: '0.0000000000',
    });
  });

  it('leaves fields aside that it does not know', () => {
    const body = wrong('minutes-1', '"unit":1', '"unit":1,"converted_trade_price":null');
    expect(read(body, '1m')).toHaveLength(1);
  });

  it('believes a candle up to `to`, and nothing that opens at it or after', () => {
    const openMs = Date.UTC(2026, 2, 11, 14, 40);
    expect(read(capturedBody('minutes-1'), '1m', { toMs: openMs + 1 })).toHaveLength(1);
    expect(() => read(capturedBody('minutes-1'), '1m', { toMs: openMs })).toThrow(
      'row 0, KRW-BTC 2026-03-11T14:40:00: candle_date_time_utc is not before 2026-03-11T14:40:00, the asked end',
    );
  });

  it.each([
    ['no JSON at all', '1m', 'Too many API requests.', 'are no JSON'],
    ['cut off', '1m', capturedBody('minutes-1').slice(0, -2), 'are no JSON'],
    ['an error with status 200', '1m', '{"error":{"name":404,"message":"x"}}', 'it is no list'],
    ['a row that is no candle', '1m', '[1]', 'row 0, without market without open: market'],
    ['rows of nothing', '1m', '[null]', 'row 0, without market without open: the row'],
  ])('refuses %s', (_what, code, body, problem) => {
    expect(() => read(body, code)).toThrow(problem);
    expect(() => read(body, code)).toThrow(ExchangeMalformed);
  });

  it.each([
    ['market', '"KRW-BTC"', '"KRW-ETH"'],
    ['candle_date_time_utc', 'T14:40:00"', 'T14:40:30"'],
    ['candle_date_time_utc', 'T14:40:00"', 'T14:40:00Z"'],
    ['candle_date_time_utc', '2026-03-11', '2026-02-31'],
    ['candle_date_time_kst', 'T23:40:00', 'T22:40:00'],
    ['opening_price', '"opening_price":103600000', '"opening_price":103600001'],
    ['trade_price', '"trade_price":103460000', '"trade_price":103424999'],
    ['trade_price', '"trade_price":103460000.00000000', '"trade_price":"103460000.00000000"'],
    ['high_price', '"high_price":103600000.00000000', '"high_price":null'],
    ['low_price', '"low_price":103425000.00000000', '"low_price":103425000.000000001'],
    ['timestamp', '1773240059132', '1773240059132.5'],
    ['candle_acc_trade_price', '"candle_acc_trade_price":', '"candle_acc_trade_price":-'],
    ['candle_acc_trade_volume', '1.59335120', '0E-8'],
    ['candle_acc_trade_volume', '"candle_acc_trade_volume"', '"candle_acc_volume"'],
    ['unit', '"unit":1', '"unit":3'],
    ['unit', ',"unit":1', ''],
  ])('refuses a minute whose %s is wrong (%s becomes %s)', (field, from, to) => {
    const body = wrong('minutes-1', from, to);
    expect(() => read(body, '1m')).toThrow(new RegExp(`row 0, [-A-Z]+ [-:TZ0-9]+: ${field} `));
    expect(() => read(body, '1m')).toThrow(ExchangeMalformed);
  });

  it.each([
    ['prev_closing_price', '"prev_closing_price":102417000.00000000', '"prev_closing_price":null'],
    ['change_price', '"change_price"', '"change"'],
    ['change_rate', '0.0101838562', '0.01018385621'],
  ])('refuses a day whose %s is wrong', (field, from, to) => {
    expect(() => read(wrong('days', from, to), '1d')).toThrow(
      new RegExp(`row 0, [-A-Z]+ [-:TZ0-9]+: ${field} `),
    );
  });

  it('refuses a year whose first day is another one', () => {
    const body = wrong(
      'years',
      '"first_day_of_period":"2026-01-01"',
      '"first_day_of_period":"2025-01-01"',
    );
    expect(() => read(body, '1y')).toThrow(
      'row 0, KRW-BTC 2026-01-01T00:00:00: first_day_of_period is not 2026-01-01',
    );
  });

  it('refuses a page of another timeframe', () => {
    const quarters = capturedBody('minutes-5').replace(/"unit":\s*5/g, '"unit":15');
    expect(() => read(quarters, '15m')).toThrow(/row 1, KRW-BTC .*: candle_date_time_utc/);
    expect(() => read(capturedBody('seconds'), '1m')).toThrow(
      /row 0, KRW-BTC .*: candle_date_time_utc/,
    );
  });

  it('refuses rows that are not strictly newest first, naming the row', () => {
    const [row = ''] = /\{.*\}/s.exec(capturedBody('minutes-1')) ?? [];
    expect(() => read(`[${row},${row}]`, '1m')).toThrow(/row 1, KRW-BTC .*: candle_date_time_utc/);
    const newer = row.replaceAll(':40:00', ':41:00');
    expect(read(`[${newer},${row}]`, '1m')).toHaveLength(2);
    expect(() => read(`[${row},${newer}]`, '1m')).toThrow('is after the row above it');
  });

  it('refuses more rows than were asked for', () => {
    expect(() => read(capturedBody('minutes-5'), '5m', { count: 2 })).toThrow(
      '3 rows came, 2 were asked for',
    );
  });
});
