/** What the work gives; rejects with the signal's reason as soon as it aborts. The work itself goes on, and how it ends is nobody's concern. */
export async function unlessAborted<Result>(
  work: Promise<Result>,
  signal: AbortSignal | undefined,
): Promise<Result> {
  if (signal === undefined) return await work;
  let leave = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    leave = (): void => {
      reject(reasonOf(signal));
    };
    signal.addEventListener('abort', leave, { once: true });
    if (signal.aborted) leave();
  });
  work.catch(() => undefined);
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', leave);
    aborted.catch(() => undefined);
  }
}

function reasonOf({ reason }: AbortSignal): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
