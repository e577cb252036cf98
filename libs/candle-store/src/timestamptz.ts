import { InvalidValue } from '@candlekeep/market';

/** 9999-12-31T23:59:59.999Z, the last instant whose year has four digits. */
const LAST_MS = 253_402_300_799_999;

/**
 * An instant (epoch ms, 1970 to 9999) as Postgres reads it whatever the session's time zone: `2025-09-01T00:00:00.000Z`.
 * Throws {@link InvalidValue} for any other number.
 */
export function timestamptz(epochMs: number): string {
  if (!Number.isSafeInteger(epochMs) || epochMs < 0 || epochMs > LAST_MS) {
    throw new InvalidValue(`${epochMs} is no instant: expected whole epoch ms from 1970 to 9999`);
  }
  return new Date(epochMs).toISOString();
}
