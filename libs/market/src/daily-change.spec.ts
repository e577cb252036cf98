import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { decimalText, RATE_DIGITS, scaledOf, textOfScaled } from './decimal';
import { dailyChange } from './fold';

const CAPTURES = path.resolve('..', 'shared', 'upbit', 'captures');

/** A day's fields as the exchange printed them, in canonical text. */
interface CapturedDay {
  readonly close: string;
  readonly previousClose: string;
  readonly change: string;
  readonly changeRate: string;
}

describe('dailyChange', () => {
  it('is what the exchange printed, in each captured day candle', () => {
    const days = captured('rest_candles_days', 'change_price', 'change_rate');
    expect(days).toHaveLength(5);
    for (const { close, ...daily } of days) {
      expect(dailyChange(close, daily.previousClose)).toEqual(daily);
    }
  });

  it('is what the exchange printed, in each captured ticker of the forming day', () => {
    const days = captured('rest_ticker', 'signed_change_price', 'signed_change_rate');
    expect(days.length).toBeGreaterThan(200);
    for (const { close, ...daily } of days) {
      expect(dailyChange(close, daily.previousClose)).toEqual(daily);
    }
  });

  it('leans on the close of the day before, as the exchange’s own neighbours do', () => {
    const [today, yesterday] = captured(
      'rest_candles_days_KRW-BTC_2026-08-03',
      'change_price',
      'change_rate',
    );
    expect(today?.previousClose).toBe(yesterday?.close);
  });

  it('of a day that did not move is zero, without a sign', () => {
    expect(dailyChange('90890000.00000000', '90890000.00000000')).toEqual({
      previousClose: '90890000.00000000',
      change: '0.00000000',
      changeRate: '0.0000000000',
    });
  });

  it('adds up exactly: the previous close and the change are the close', () => {
    const anyPrice = fc.bigInt({ min: 1n, max: 10n ** 18n }).map((scaled) => textOfScaled(scaled));
    fc.assert(
      fc.property(anyPrice, anyPrice, (close, previousClose) => {
        const daily = dailyChange(close, previousClose);
        expect(scaledOf(daily.previousClose) + scaledOf(daily.change)).toBe(scaledOf(close));
      }),
    );
  });
});

/** Every row of the captured answers, whichever way their numbers were kept. */
function captured(prefix: string, changeField: string, rateField: string): CapturedDay[] {
  const names = readdirSync(CAPTURES).filter((name) => name.startsWith(prefix));
  const bodies = names.map((name) => readFileSync(path.join(CAPTURES, name), 'utf8'));
  const rows = bodies.flatMap((body) => body.match(/\{[^{}]*"prev_closing_price"[^{}]*\}/g) ?? []);
  return rows.map((row) => ({
    close: decimalText(numberIn(row, 'trade_price')),
    previousClose: decimalText(numberIn(row, 'prev_closing_price')),
    change: decimalText(numberIn(row, changeField)),
    changeRate: decimalText(numberIn(row, rateField), RATE_DIGITS),
  }));
}

function numberIn(row: string, field: string): string {
  const [, text] = new RegExp(`"${field}":\\s*([-\\d.eE+]+)`).exec(row) ?? [];
  if (text === undefined) throw new RangeError(`no number ${field} in ${row}`);
  return text;
}
