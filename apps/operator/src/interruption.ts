type Signal = 'SIGINT' | 'SIGTERM';

/** Where signals come from: the process. */
export interface SignalSource {
  on(signal: Signal, listener: () => void): unknown;
}

/**
 * Aborts when the person at the keyboard has seen enough. Every signal is taken, not the first alone: npm passes a Ctrl-C on that the
 * terminal has sent already, and a second one that nobody takes would end the process before it has said what goes on.
 */
export function listenForLeave(source: SignalSource): AbortSignal {
  const left = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    source.on(signal, () => {
      left.abort();
    });
  }
  return left.signal;
}
