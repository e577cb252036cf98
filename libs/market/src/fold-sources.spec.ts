import fc from 'fast-check';
import { foldSourcesOf } from './fold-sources';
import { newestSlots, slotsWithin } from './slot-range';
import { Timeframe } from './timeframe';

const anyInstant = fc.integer({ min: Date.UTC(2017, 8), max: Date.UTC(2100, 0) });

describe('fold sources', () => {
  it.each([
    ...[
      ['1s', ''],
      ['1m', ''],
      ['3m', '1m'],
      ['5m', '1m'],
      ['10m', '1m 5m'],
      ['15m', '1m 5m'],
      ['30m', '1m 15m'],
      ['60m', '1m 30m 15m'],
    ],
    ...[
      ['240m', '60m 1m'],
      ['1d', '60m 240m 1m'],
      ['1w', '1d'],
      ['1M', '1d'],
      ['1y', '1d'],
    ],
  ])('of %s are: %s', (code, sources) => {
    expect(foldSourcesOf(Timeframe.parse(code)).join(' ')).toBe(sources);
  });

  it('fill each slot with whole candles of their own, at most 366 of the preferred one', () => {
    fc.assert(
      fc.property(fc.constantFrom(...Timeframe.ALL), anyInstant, (timeframe, at) => {
        const slot = newestSlots(timeframe, timeframe.closeOf(at), 1);
        const sources = foldSourcesOf(timeframe);
        for (const source of sources) {
          expect(source.floor(slot.fromMs)).toBe(slot.fromMs);
          expect(source.floor(slot.untilMs)).toBe(slot.untilMs);
        }
        const [preferred] = sources;
        if (preferred !== undefined) expect(slotsWithin(preferred, slot)).toBeLessThanOrEqual(366);
      }),
    );
  });
});
