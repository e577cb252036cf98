import { refusals } from '../upbit-refusal';

const SPELLING =
  /^(?<date>\d{4}-\d{2}-\d{2})[T ](?<time>\d{2}:\d{2}:\d{2})(?<fraction>\.\d{1,9})?(?<zone>Z|[+-]\d{2}:\d{2})?$/;

/**
 * Reads `to` in every spelling that the exchange takes: `T` or space, with or without fraction, `Z`, an offset, or no zone,
 * which means UTC. Epoch ms. Undefined for a blank one. Refuses anything else as the exchange does.
 */
export function parseTo(text: string): number | undefined {
  if (text === '') return undefined;
  const { date, time, fraction = '', zone = 'Z' } = SPELLING.exec(text)?.groups ?? {};
  const wall = `${date}T${time}`;
  const epochMs = Date.parse(`${wall}${fraction}${zone}`);
  if (Number.isNaN(epochMs) || !isOnTheClock(wall)) throw refusals.invalidParameter();
  return epochMs;
}

/** `Date.parse` takes 31 February for 3 March, and 24:00 for the next day. */
function isOnTheClock(wall: string): boolean {
  const epochMs = Date.parse(`${wall}Z`);
  return !Number.isNaN(epochMs) && new Date(epochMs).toISOString().startsWith(wall);
}
