import { z } from 'zod';

/** The last instant of the year 9998: beyond it the tiers cannot count. */
const LAST_MS = Date.UTC(9999, 0) - 1;
const EXPECTED =
  'expected an ISO 8601 instant with its zone such as 2026-01-05T00:00:00Z, or epoch milliseconds, from 1970 on';
/** Epoch seconds stay below it until the year 33658, and milliseconds are above it since September 2001. */
const FIRST_PLAUSIBLE_MS = 1e12;
const SECONDS = 'that looks like seconds: expected epoch ms or ISO 8601';
const DIGITS = /^\d{1,15}$/;
const zoned = z.iso.datetime({ offset: true });

/** An instant, epoch ms: ISO 8601 with a zone, or the milliseconds themselves. */
export const instantParameter = z.unknown().transform((given, context): number => {
  const number = typeof given === 'string' && DIGITS.test(given) ? Number(given) : given;
  const epochMs = typeof number === 'string' ? instantOf(number) : number;
  if (isInstant(epochMs) && !looksLikeSeconds(number)) return epochMs;
  context.addIssue({ code: 'custom', message: looksLikeSeconds(number) ? SECONDS : EXPECTED });
  return z.NEVER;
});

/** Zero is the same instant in both units. */
function looksLikeSeconds(given: unknown): boolean {
  return typeof given === 'number' && given > 0 && given < FIRST_PLAUSIBLE_MS;
}

/** The `+` of an offset that was not escaped in a URL arrives as a space. */
function instantOf(text: string): number | undefined {
  const parsed = zoned.safeParse(text.replace(/ (\d{2}:\d{2})$/, '+$1'));
  return parsed.success ? Date.parse(parsed.data) : undefined;
}

function isInstant(epochMs: unknown): epochMs is number {
  return (
    typeof epochMs === 'number' && Number.isInteger(epochMs) && epochMs >= 0 && epochMs <= LAST_MS
  );
}
