import { CandlekeepError } from '@candlekeep/market';

/** Postgres or Redis gave no answer about keys or sessions; nothing of them is lost. */
export class AccessUnavailable extends CandlekeepError {
  readonly code = 'ACCESS_UNAVAILABLE';
  readonly retryable = true;
}

/** Does work on a server; says in words what failed (`read the keys`) and whose address to look at (`DATABASE_URL`). */
export async function onServer<Result>(
  task: string,
  server: string,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AccessUnavailable(
      `could not ${task}: ${reason}. Check that the server of ${server} answers, then try again`,
      { cause },
    );
  }
}
