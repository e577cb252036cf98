import type { PreloadSchedule } from '@candlekeep/jobs';
import type { Timeframe } from '@candlekeep/market';

/** A timeframe's job runs so long before each close, ms: enough for pages of some series, and for a process whose clock is seconds off. */
export const LEAD_MS = 8_000;
/** Within the minute before a close. */
const LEAD_SECOND = 60 - LEAD_MS / 1_000;

/** What is to be expected of the next hour is brought some minutes before it begins. */
const HOURLY: PreloadSchedule = { id: 'hourly', pattern: '30 53 * * * *', job: { kind: 'hourly' } };
/** Daily candles open at 00:00 UTC (09:00 in Korea). */
const DAILY: PreloadSchedule = { id: 'daily', pattern: '20 0 0 * * *', job: { kind: 'daily' } };

/** Every schedule that there should be while candles of these timeframes are needed. */
export function schedulesFor(timeframes: Iterable<Timeframe>): readonly PreloadSchedule[] {
  const own = [...new Set(timeframes)].flatMap((timeframe): PreloadSchedule[] => {
    const pattern = patternOf(timeframe);
    if (pattern === undefined) return [];
    const { code } = timeframe;
    return [{ id: `timeframe:${code}`, pattern, job: { kind: 'timeframe', timeframe: code } }];
  });
  return [HOURLY, DAILY, ...own];
}

/** Cron with seconds, UTC: shortly before each close. None for seconds, which close sooner than a job begins. */
function patternOf({ kind, unit }: Timeframe): string | undefined {
  switch (kind) {
    case 'second':
      return undefined;
    case 'minute':
      return unit <= 60 ? minutesPattern(unit) : hoursPattern(unit / 60);
    case 'day':
      return `${LEAD_SECOND} 59 23 * * *`;
    case 'week':
      return `${LEAD_SECOND} 59 23 * * 0`;
    case 'month':
      return `${LEAD_SECOND} 59 23 L * *`;
    case 'year':
      return `${LEAD_SECOND} 59 23 31 12 *`;
  }
}

function minutesPattern(unit: number): string {
  return `${LEAD_SECOND} ${unit === 1 ? '*' : every(unit, 60)} * * * *`;
}

function hoursPattern(hours: number): string {
  return `${LEAD_SECOND} 59 ${every(hours, 24)} * * *`;
}

/** The last of each so many: 4,9,14 … for 5 of 60. */
function every(step: number, of: number): string {
  return Array.from({ length: of / step }, (_, index) => (index + 1) * step - 1).join(',');
}
