import type { Clock } from '@candlekeep/clock';

/** A server that a process cannot do without did not answer while it started. */
export class PartAway extends Error {
  override readonly name = 'PartAway';
  readonly code = 'PART_AWAY';
  readonly retryable = true;
}

const ANSWER_WITHIN_MS = 15_000;

/**
 * Waits for the first answer of every server that a process needs, by the environment variable of its address. Throws
 * {@link PartAway} that names the variable, after 15 s without an answer or when one rejects.
 */
export async function requireParts(
  answers: Readonly<Record<string, () => Promise<unknown>>>,
  clock: Clock,
): Promise<void> {
  for (const [variable, answer] of Object.entries(answers))
    await requirePart(variable, answer, clock);
}

/** Waits for the first answer of one server, such as a ping. */
async function requirePart(
  variable: string,
  answer: () => Promise<unknown>,
  clock: Clock,
): Promise<void> {
  const answered = new AbortController();
  const silence = clock.sleep(ANSWER_WITHIN_MS, answered.signal).then(() => {
    throw new Error(`no answer within ${ANSWER_WITHIN_MS} ms`);
  });
  try {
    await Promise.race([answer(), silence]);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new PartAway(
      `the server of ${variable} cannot be used: ${reason}. Is it running, and is the address right?`,
      { cause },
    );
  } finally {
    silence.catch(() => undefined);
    answered.abort();
  }
}
