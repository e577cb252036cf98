/** Makes the error of a room out of words for people and the server's own error. */
export type FailureOf = (message: string, options: { readonly cause: unknown }) => Error;

/** Does work on tables; what goes wrong becomes the room's own error, which says what failed (`read the strategies`) and where to look. */
export async function onTables<Result>(
  task: string,
  work: () => Promise<Result>,
  failureOf: FailureOf,
): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw failureOf(
      `could not ${task}: ${reason}. Check that Postgres (DATABASE_URL) answers, then try again`,
      { cause },
    );
  }
}
