/**
 * Lets this process outlive its terminal: when that is closed, what we still want to say is lost, but the ordered stop
 * goes on.
 */
export function outliveTerminal(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
}

/** Prints one line for the person at the terminal. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Prints what went wrong. */
export function complain(message: string): void {
  process.stderr.write(`\n${message}\n`);
}

/** Ends this process with an exit code, when everything it started has ended. */
export function leave(code: number): never {
  if (process.connected) process.disconnect();
  process.exit(code);
}
