import { refusals } from '../upbit-refusal';

const SPELLING =
  /^(?<date>\d{4}-\d{2}-\d{2})[T ](?<time>\d{2}:\d{2}:\d{2})(?<fraction>\.\d{1,9})?(?<zone>Z|[+-]\d{2}:\d{2})?$/;

/**
 * Reads `to` in every spelling that the exchange takes: `T` or space, with or without fraction, `Z`, an offset, or no zone,
 * which means UTC. Epoch ms. Undefined for a missing or blank value. Refuses anything else as the exchange does.
 */
export function parseTo(text: string | undefined): number | undefined {
  if (text === undefined || text.trim() === '') return undefined;
  const spelled = SPELLING.exec(text)?.groups;
  const { date = '', time = '', fraction = '', zone = 'Z' } = spelled ?? {};
  const epochMs = Date.parse(`${date}T${time}${fraction}${zone}`);
  if (Number.isNaN(epochMs) || !isCalendarDate(date)) throw refusals.invalidParameter();
  return epochMs;
}

/** `Date.parse` takes 31 February for 3 March. */
function isCalendarDate(date: string): boolean {
  return new Date(`${date}T00:00:00Z`).toISOString().startsWith(date);
}
