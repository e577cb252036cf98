import { Timeframe } from '@candlekeep/market';
import { slotsFoldedFrom, slotsInDoubt } from './folded-from';

const LAST_MINUTE = Date.UTC(2025, 11, 31, 23, 59);

function slots(code: string, opens: readonly number[]): Record<string, string[]> {
  const iso = (epochMs: number): string => new Date(epochMs).toISOString().slice(0, 16);
  return Object.fromEntries(
    slotsFoldedFrom(Timeframe.parse(code), opens).map((one) => [
      one.timeframe.code,
      one.slots.ranges.map(({ fromMs, untilMs }) => `${iso(fromMs)} ${iso(untilMs)}`),
    ]),
  );
}

describe('what is folded from a candle', () => {
  it('is every longer slot that holds it, and the day after it', () => {
    expect(slots('1m', [LAST_MINUTE])).toEqual({
      '3m': ['2025-12-31T23:57 2026-01-01T00:00'],
      '5m': ['2025-12-31T23:55 2026-01-01T00:00'],
      '10m': ['2025-12-31T23:50 2026-01-01T00:00'],
      '15m': ['2025-12-31T23:45 2026-01-01T00:00'],
      '30m': ['2025-12-31T23:30 2026-01-01T00:00'],
      '60m': ['2025-12-31T23:00 2026-01-01T00:00'],
      '240m': ['2025-12-31T20:00 2026-01-01T00:00'],
      '1d': ['2025-12-31T00:00 2026-01-02T00:00'],
      '1w': ['2025-12-29T00:00 2026-01-05T00:00'],
      '1M': ['2025-12-01T00:00 2026-01-01T00:00'],
      '1y': ['2025-01-01T00:00 2026-01-01T00:00'],
    });
  });

  it('is nothing for seconds, and for what nothing is folded from', () => {
    for (const code of ['1s', '3m', '1w', '1M', '1y']) {
      expect(slots(code, [Date.UTC(2025, 0)])).toEqual({});
    }
  });

  it('is found by way of others', () => {
    const codes = Object.keys(slots('5m', [LAST_MINUTE - 4 * 60_000]));
    expect(codes).toEqual(['10m', '15m', '30m', '60m', '240m', '1d', '1w', '1M', '1y']);
  });

  it('joins the slots of neighbours and keeps others apart', () => {
    const day = 86_400_000;
    const opens = [0, 1, 5].map((days) => Date.UTC(2025, 8, 1) + days * day);
    expect(slots('1d', opens)).toMatchObject({
      '1d': ['2025-09-01T00:00 2025-09-04T00:00', '2025-09-06T00:00 2025-09-08T00:00'],
      '1w': ['2025-09-01T00:00 2025-09-08T00:00'],
    });
  });
});

describe('what a correction leaves in doubt', () => {
  const day = (n: number): number => Date.UTC(2025, 8, n);

  it('is not what the correcting page has shown itself', () => {
    const series = { timeframe: Timeframe.parse('1d') };
    const page = { series, covered: { fromMs: day(1), untilMs: day(4) } };
    const doubts = slotsInDoubt(page, [{ openMs: day(1) }, { openMs: day(3) }]);
    expect(doubts[0]?.slots.ranges).toEqual([{ fromMs: day(4), untilMs: day(5) }]);
    expect(doubts[1]?.slots.ranges).toEqual([{ fromMs: day(1), untilMs: day(8) }]);
  });
});
