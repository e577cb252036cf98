import { isNativeError } from 'node:util/types';
import type { Clock } from '@candlekeep/clock';
import type { Logger } from '@candlekeep/telemetry';
import type { ProcessPhase } from './process-phase';
import { isForGood } from './refused-for-good';

/** A server that a process cannot do without did not answer while it started. */
export class PartAway extends Error {
  override readonly name = 'PartAway';
  readonly code = 'PART_AWAY';
  readonly retryable = true;
}

/** Who waits, and who is told what for. */
export interface Waiting {
  readonly clock: Clock;
  readonly phase: ProcessPhase;
  readonly log: Logger;
}

const ANSWER_WITHIN_MS = 15_000;
const TRY_EVERY_MS = 250;

/**
 * Waits for the first answer of every server that a process needs, by the environment variable of its address: one that is away may
 * only have been started later. Throws {@link PartAway} that names the variable, after 15 s, or as soon as one says no for good.
 */
export async function requireParts(
  answers: Readonly<Record<string, () => Promise<unknown>>>,
  waiting: Waiting,
): Promise<void> {
  for (const [variable, answer] of Object.entries(answers)) {
    await requirePart(variable, answer, waiting);
    waiting.phase.waitFor(undefined);
  }
}

/** Asks one server, with a ping or the like, until it answers. */
async function requirePart(
  variable: string,
  answer: () => Promise<unknown>,
  { clock, phase, log }: Waiting,
): Promise<void> {
  const startMs = clock.monotonicMs();
  let failure: unknown;
  for (;;) {
    const leftMs = ANSWER_WITHIN_MS - (clock.monotonicMs() - startMs);
    if (leftMs <= 0) throw partAway(variable, failure);
    const outcome = await outcomeWithin(answer, leftMs, clock);
    if (outcome === 'answered') return;
    if (outcome === 'silent') throw partAway(variable, failure ?? silence());
    if (isForGood(outcome.failure)) throw partAway(variable, outcome.failure);
    const awaited = `${variable}: ${reasonOf(outcome.failure)}`;
    if (failure === undefined) {
      log.warn(`waits at most ${ANSWER_WITHIN_MS} ms for the server of ${awaited}`);
    }
    failure = outcome.failure;
    phase.waitFor(awaited);
    await clock.sleep(TRY_EVERY_MS);
  }
}

async function outcomeWithin(
  answer: () => Promise<unknown>,
  ms: number,
  clock: Clock,
): Promise<'answered' | 'silent' | { readonly failure: unknown }> {
  const over = new AbortController();
  const late = clock.sleep(ms, over.signal).then(
    () => 'silent' as const,
    () => 'silent' as const,
  );
  const asked = answer().then(
    () => 'answered' as const,
    (failure: unknown) => ({ failure }),
  );
  try {
    return await Promise.race([asked, late]);
  } finally {
    over.abort();
  }
}

function silence(): Error {
  return new Error(`no answer within ${ANSWER_WITHIN_MS} ms`);
}

function partAway(variable: string, cause: unknown): PartAway {
  return new PartAway(
    `the server of ${variable} cannot be used: ${reasonOf(cause)}. Is it running, and is the address right?`,
    { cause },
  );
}

/** Where several addresses were tried, Node.js leaves the message empty. */
function reasonOf(error: unknown): string {
  if (!isNativeError(error)) return String(error);
  if (error.message !== '') return error.message;
  return 'code' in error ? String(error.code) : error.name;
}
