import {
  Coverage,
  newestSlots,
  parseMarketCode,
  Timeframe,
  type TimeRange,
} from '@candlekeep/market';
import { doubtsAfter, findDuePage } from './due-page';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const START = Date.UTC(2026, 0, 5);
const seriesOf = (code: string) => ({
  market: parseMarketCode('KRW-BTC'),
  timeframe: Timeframe.parse(code),
});
const doubt = (code: string, ...ranges: TimeRange[]) => ({
  series: seriesOf(code),
  ranges: Coverage.of(ranges),
});

describe('the page that settles a doubt', () => {
  it('waits until 200 slots can be settled at once', () => {
    const growing = (minutes: number) =>
      doubt('1m', { fromMs: START, untilMs: START + minutes * MINUTE });
    expect(findDuePage(growing(199), START + 199 * MINUTE)).toBeUndefined();
    expect(findDuePage(growing(200), START + 200 * MINUTE)?.untilMs).toBe(START + 200 * MINUTE);
    expect(findDuePage(growing(900), START + 900 * MINUTE)?.untilMs).toBe(START + 200 * MINUTE);
  });

  it('waits no longer than four hours with minutes and seconds whose doubt has no begin', () => {
    for (const code of ['1m', '1s']) {
      const ever = doubt(code, { fromMs: 0, untilMs: START });
      expect(findDuePage(ever, START + 4 * HOUR - 1)).toBeUndefined();
      expect(findDuePage(ever, START + 4 * HOUR)?.untilMs).toBe(START);
    }
  });

  it('waits no longer than two days with what is folded from minutes', () => {
    const hour = doubt('60m', { fromMs: START, untilMs: START + HOUR });
    expect(findDuePage(hour, START + 49 * HOUR - 1)).toBeUndefined();
    expect(findDuePage(hour, START + 49 * HOUR)?.untilMs).toBe(START + 49 * HOUR);
  });

  it('leaves alone what closed too late to be looked at', () => {
    const minute = doubt('1m', { fromMs: START, untilMs: START + 200 * MINUTE });
    expect(findDuePage(minute, START)).toBeUndefined();
  });

  it('goes back page by page where the doubt has no begin', () => {
    const ever = doubt('1m', { fromMs: 0, untilMs: START });
    const due = findDuePage(ever, START + DAY);
    expect(due?.untilMs).toBe(START);
    const page = newestSlots(ever.series.timeframe, START, 200);
    expect(findDuePage(doubtsAfter(ever, page), START + DAY)?.untilMs).toBe(page.fromMs);
  });

  it.each([
    ['1m', 7],
    ['3m', 2],
    ['5m', 1],
    ['15m', 1],
    ['60m', 1],
    ['240m', 1],
    ['1d', 1],
  ])('costs a %s series that grows all the time %i calls a day', (code, callsADay) => {
    const series = seriesOf(code);
    const days = 30;
    let verified = Coverage.of([{ fromMs: 0, untilMs: START }]);
    let calls = 0;
    for (let nowMs = START; nowMs < START + days * DAY; nowMs += MINUTE) {
      const known = Coverage.of([{ fromMs: 0, untilMs: series.timeframe.floor(nowMs) }]);
      const beforeMs = nowMs - 10 * MINUTE;
      const due = findDuePage({ series, ranges: known.subtract(verified) }, beforeMs);
      if (due === undefined) continue;
      calls += 1;
      verified = verified.union(Coverage.of([newestSlots(series.timeframe, due.untilMs, 200)]));
    }
    expect(Math.round(calls / days)).toBeLessThanOrEqual(callsADay);
    expect(calls).toBeGreaterThan(0);
  });
});
