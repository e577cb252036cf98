import { type Coverage, InvalidValue } from '@candlekeep/market';

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

/** A set of instants as Postgres reads a `tstzmultirange`. */
export function tstzmultirange(coverage: Coverage): string {
  const ranges = coverage.ranges.map(
    ({ fromMs, untilMs }) => `[${timestamptz(fromMs)},${timestamptz(untilMs)})`,
  );
  return `{${ranges.join(',')}}`;
}

/** SQL for the ranges of a `tstzmultirange` as JSON, `[[fromMs, untilMs], ...]`, oldest first. */
export function epochRangesOf(multirange: string): string {
  return `(SELECT coalesce(json_agg(json_build_array(${epochMsOf('lower(part)')},
                                                     ${epochMsOf('upper(part)')}) ORDER BY part), '[]')
             FROM unnest(${multirange}) AS part)`;
}

/** SQL for an instant as epoch ms. */
export function epochMsOf(instant: string): string {
  return `(extract(epoch FROM ${instant}) * 1000)::bigint`;
}
