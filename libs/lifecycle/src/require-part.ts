import type { Clock } from '@candlekeep/clock';

/** A server that a process cannot do without did not answer while it started. */
export class PartAway extends Error {
  override readonly name = 'PartAway';
  readonly code = 'PART_AWAY';
  readonly retryable = true;
}

const ANSWER_WITHIN_MS = 15_000;

/**
 * Waits for the first answer of a server that a process needs, such as a ping. Throws {@link PartAway} that names the
 * environment variable of its address, after 15 s without an answer or when `answer` rejects.
 */
export async function requirePart(
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
