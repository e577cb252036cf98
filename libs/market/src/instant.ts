import { InvalidValue } from './candlekeep-error';

const ISO_SECONDS = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/;

/** Prints an instant (epoch ms) as `yyyy-MM-ddTHH:mm:ss` in UTC, fractions of a second cut off. */
export function isoSeconds(epochMs: number): string {
  return new Date(epochMs).toISOString().slice(0, 19);
}

/** Reads `yyyy-MM-ddTHH:mm:ss` as UTC into epoch ms. Throws {@link InvalidValue} for anything else, 31 February included. */
export function parseIsoSeconds(text: string): number {
  const epochMs = ISO_SECONDS.test(text) ? Date.parse(`${text}Z`) : NaN;
  if (Number.isNaN(epochMs) || isoSeconds(epochMs) !== text) {
    throw new InvalidValue(`"${text}" is not an instant: expected yyyy-MM-ddTHH:mm:ss`);
  }
  return epochMs;
}
