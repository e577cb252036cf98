import fc from 'fast-check';
import { InvalidValue } from './candlekeep-error';
import { isoSeconds, parseIsoSeconds } from './instant';

describe('instants', () => {
  it('survive the way to text and back, to the second', () => {
    const anyInstant = fc.integer({ min: 0, max: Date.UTC(9999, 11, 31, 23, 59, 59, 999) });
    fc.assert(
      fc.property(anyInstant, (epochMs) => {
        expect(parseIsoSeconds(isoSeconds(epochMs))).toBe(Math.floor(epochMs / 1_000) * 1_000);
      }),
    );
  });

  it('are UTC, whatever the zone of the machine', () => {
    expect(parseIsoSeconds('2026-03-11T14:40:00')).toBe(Date.UTC(2026, 2, 11, 14, 40));
    expect(isoSeconds(Date.UTC(2026, 2, 11, 14, 40, 0, 999))).toBe('2026-03-11T14:40:00');
  });

  it.each([
    '',
    '2026-03-11',
    '2026-03-11 14:40:00',
    '2026-03-11T14:40:00Z',
    '2026-03-11T14:40:00.000',
    '2026-03-11T14:40:00+09:00',
    '2026-02-29T00:00:00',
    '2026-02-31T00:00:00',
    '2026-03-11T24:00:00',
    '2026-03-11T14:60:00',
    '2026-13-01T00:00:00',
  ])('are refused as "%s"', (text) => {
    expect(() => parseIsoSeconds(text)).toThrow(InvalidValue);
    expect(() => parseIsoSeconds(text)).toThrow(/expected yyyy-MM-ddTHH:mm:ss/);
  });
});
