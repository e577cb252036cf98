import { InvalidValue } from '@candlekeep/market';
import { getNextMillis } from 'bullmq';
import { checkPreloadJob, type PreloadJob } from './preload-job';

/** A job that comes round. */
export interface PreloadSchedule {
  /** Names it among all: `timeframe:15m`, `hourly`, `daily`. */
  readonly id: string;
  /** Cron with seconds, six fields, UTC: `57 14,29,44,59 * * * *`. */
  readonly pattern: string;
  readonly job: PreloadJob;
}

/** Patterns are read in it, whatever the zone of the process. */
export const PATTERN_ZONE = 'UTC';
const FIELDS = 6;
/** At most one colon: BullMQ takes names with four for those of an older layout. */
const ID = /^[\w-]{1,40}(?::[\w-]{1,20})?$/;

/** Throws {@link InvalidValue} that names the schedule which could not stand in the queue, and why. */
export function checkSchedules(schedules: readonly PreloadSchedule[]): readonly PreloadSchedule[] {
  const seen = new Set<string>();
  for (const { id } of schedules) {
    if (seen.has(id)) throw new InvalidValue(`schedule "${id}" is wanted twice; expected once`);
    seen.add(id);
  }
  return schedules.map((schedule) => checkSchedule(schedule));
}

function checkSchedule({ id, pattern, job }: PreloadSchedule): PreloadSchedule {
  if (!ID.test(id)) {
    throw new InvalidValue(`"${id}" names no schedule; expected a name such as "timeframe:15m"`);
  }
  if (!isPattern(pattern)) {
    throw new InvalidValue(
      `schedule "${id}" has the pattern "${pattern}"; expected cron with seconds, six fields, such as "57 59 * * * *"`,
    );
  }
  return { id, pattern, job: checkPreloadJob(job) };
}

function isPattern(pattern: string): boolean {
  if (pattern.trim().split(/\s+/).length !== FIELDS) return false;
  try {
    return getNextMillis(0, { pattern, tz: PATTERN_ZONE }) !== undefined;
  } catch {
    return false;
  }
}
