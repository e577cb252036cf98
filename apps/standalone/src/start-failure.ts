/**
 * Candlekeep cannot start or go on. The message is the whole text shown to the person at the terminal: what happened,
 * to which thing, and what to do next.
 */
export class StartFailure extends Error {
  override readonly name = 'StartFailure';
}

/** The text of anything thrown. */
export function reasonOf(error: unknown): string {
  return isObject(error) && 'message' in error ? String(error.message) : String(error);
}

/** True for a failed system call with this code, such as `ENOENT`. */
export function isSystemError(error: unknown, code: string): boolean {
  return isObject(error) && 'code' in error && error.code === code;
}

/** What the person at the terminal is shown: our own message, or, for what nobody foresaw, everything that is known. */
export function messageOf(error: unknown): string {
  if (error instanceof StartFailure) return error.message;
  const details = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `Candlekeep met something it does not know, and stops. Please report this:\n${details}`;
}

// Not `instanceof Error`: the errors of Node's own modules come from another realm when a test runner isolates its tests.
function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
