const signals = ['SIGINT', 'SIGTERM'] as const;

/**
 * Aborts when this process is asked to stop: by a signal, or by the end of the process that started it. Any further
 * request changes nothing: everything that stops has its own deadline.
 */
export function stopRequest(): AbortSignal {
  const request = new AbortController();
  const stop = (): void => {
    request.abort();
  };
  for (const signal of signals) process.on(signal, stop);
  process.on('disconnect', stop);
  return request.signal;
}

/** Resolves when the signal aborts. */
export function requested(stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (stop.aborted) resolve();
    else
      stop.addEventListener(
        'abort',
        () => {
          resolve();
        },
        { once: true },
      );
  });
}
