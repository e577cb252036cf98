import fc from 'fast-check';
import { InvalidValue } from './candlekeep-error';
import { Timeframe } from './timeframe';

const DAY_MS = 86_400_000;
const anyTimeframe = fc.constantFrom(...Timeframe.ALL);
/** 1950 to 2100, so both sides of the epoch. */
const anyInstant = fc.integer({ min: Date.UTC(1950, 0), max: Date.UTC(2100, 0) });
const anyMove = fc.integer({ min: -500, max: 500 });

describe('every timeframe', () => {
  it('puts each instant into one half-open slot', () => {
    fc.assert(
      fc.property(anyTimeframe, anyInstant, (timeframe, at) => {
        expect(timeframe.floor(at)).toBeLessThanOrEqual(at);
        expect(timeframe.closeOf(at)).toBeGreaterThan(at);
        expect(timeframe.floor(timeframe.closeOf(at) - 1)).toBe(timeframe.floor(at));
        expect(timeframe.floor(timeframe.closeOf(at))).toBe(timeframe.closeOf(at));
      }),
    );
  });

  it('rounds up to the first open that is not before the instant', () => {
    fc.assert(
      fc.property(anyTimeframe, anyInstant, (timeframe, at) => {
        const isOpen = timeframe.floor(at) === at;
        expect(timeframe.ceil(at)).toBe(isOpen ? at : timeframe.closeOf(at));
        expect(timeframe.ceil(timeframe.floor(at))).toBe(timeframe.floor(at));
      }),
    );
  });

  it('numbers slots without holes, and opens them in that order', () => {
    fc.assert(
      fc.property(anyTimeframe, anyInstant, (timeframe, at) => {
        const slot = timeframe.slotOf(at);
        expect(timeframe.openOf(slot)).toBe(timeframe.floor(at));
        expect(timeframe.openOf(slot + 1)).toBe(timeframe.closeOf(at));
        expect(timeframe.slotOf(timeframe.openOf(slot))).toBe(slot);
      }),
    );
  });

  it('shifts by slots: to an open, additively, and back again', () => {
    fc.assert(
      fc.property(anyTimeframe, anyInstant, anyMove, anyMove, (timeframe, at, a, b) => {
        expect(timeframe.shift(at, 0)).toBe(timeframe.floor(at));
        expect(timeframe.shift(timeframe.shift(at, a), b)).toBe(timeframe.shift(at, a + b));
        expect(timeframe.slotOf(timeframe.shift(at, a)) - timeframe.slotOf(at)).toBe(a);
      }),
    );
  });

  it('opens where a slot of each of its parts opens', () => {
    fc.assert(
      fc.property(anyInstant, (at) => {
        for (const timeframe of Timeframe.ALL) {
          const open = timeframe.floor(at);
          expect(Timeframe.parse('1s').floor(open)).toBe(open);
          if (timeframe.kind !== 'second') expect(Timeframe.parse('1m').floor(open)).toBe(open);
        }
      }),
    );
  });
});

describe('the calendar, against Date', () => {
  it('opens minutes at UTC multiples of their unit', () => {
    fc.assert(
      fc.property(anyInstant, (at) => {
        for (const timeframe of Timeframe.ALL.filter(({ kind }) => kind === 'minute')) {
          const open = new Date(timeframe.floor(at));
          const minuteOfDay = open.getUTCHours() * 60 + open.getUTCMinutes();
          expect(minuteOfDay % timeframe.unit).toBe(0);
          expect(timeframe.closeOf(at) - open.getTime()).toBe(timeframe.unit * 60_000);
        }
      }),
    );
  });

  it('opens days at 00:00 UTC, weeks on Monday, months on the 1st, years on 1 January', () => {
    fc.assert(
      fc.property(anyInstant, (at) => {
        const date = new Date(at);
        const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
        const midnight = Date.UTC(year, month, date.getUTCDate());
        const daysSinceMonday = (date.getUTCDay() + 6) % 7;
        expect(Timeframe.parse('1d').floor(at)).toBe(midnight);
        expect(Timeframe.parse('1w').floor(at)).toBe(midnight - daysSinceMonday * DAY_MS);
        expect(Timeframe.parse('1M').floor(at)).toBe(Date.UTC(year, month));
        expect(Timeframe.parse('1y').floor(at)).toBe(Date.UTC(year, 0));
      }),
    );
  });

  it.each([
    ['240m', '2026-03-11T14:40:59.132Z', '2026-03-11T12:00:00Z', '2026-03-11T16:00:00Z'],
    ['1w', '2026-03-11T14:40:59.132Z', '2026-03-09T00:00:00Z', '2026-03-16T00:00:00Z'],
    ['1M', '2024-02-29T23:59:59.999Z', '2024-02-01T00:00:00Z', '2024-03-01T00:00:00Z'],
    ['1y', '2025-12-31T23:59:59.999Z', '2025-01-01T00:00:00Z', '2026-01-01T00:00:00Z'],
    ['1w', '1969-12-31T23:59:59.999Z', '1969-12-29T00:00:00Z', '1970-01-05T00:00:00Z'],
  ])('places the %s candle of %s', (code, at, open, close) => {
    const timeframe = Timeframe.parse(code);
    expect(timeframe.floor(Date.parse(at))).toBe(Date.parse(open));
    expect(timeframe.closeOf(Date.parse(at))).toBe(Date.parse(close));
  });
});

describe('timeframe codes', () => {
  it('lists what the exchange serves, shortest first', () => {
    const codes = '1s 1m 3m 5m 10m 15m 30m 60m 240m 1d 1w 1M 1y';
    expect(Timeframe.ALL.join(' ')).toBe(codes);
  });

  it('reads back each code as the same instance', () => {
    for (const timeframe of Timeframe.ALL) {
      expect(Timeframe.parse(timeframe.code)).toBe(timeframe);
      expect(String(timeframe)).toBe(timeframe.code);
    }
  });

  it('takes hours as another name of minutes, and tells a minute from a month', () => {
    expect(Timeframe.parse('1h')).toBe(Timeframe.parse('60m'));
    expect(Timeframe.parse('4h')).toBe(Timeframe.parse('240m'));
    expect(Timeframe.parse('1m').kind).toBe('minute');
    expect(Timeframe.parse('1M').kind).toBe('month');
  });

  it('finds minutes by the units that the exchange knows, and no others', () => {
    expect(Timeframe.findMinutes(240)?.code).toBe('240m');
    for (const unit of [0, -1, 2, 1.5, 120, 480, NaN, Infinity]) {
      expect(Timeframe.findMinutes(unit)).toBeUndefined();
    }
  });

  it.each(['', '2m', '1D', '60', 'minute', '1h ', 'constructor', '__proto__', 'toString'])(
    'refuses "%s" and lists what it knows',
    (text) => {
      expect(Timeframe.find(text)).toBeUndefined();
      expect(() => Timeframe.parse(text)).toThrow(InvalidValue);
      expect(() => Timeframe.parse(text)).toThrow(/expected one of 1s, 1m, .*, 1y$/);
    },
  );
});
