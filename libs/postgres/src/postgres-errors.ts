/** The server is older than what the schema needs. Stops a start. */
export class UnsupportedServer extends Error {
  override readonly name = 'UnsupportedServer';
  readonly code = 'UNSUPPORTED_POSTGRES';
  readonly retryable = false;
}

/** A migration did not run; the schema is as the last successful one left it. Stops a start. */
export class MigrationFailed extends Error {
  override readonly name = 'MigrationFailed';
  readonly code = 'MIGRATION_FAILED';
  readonly retryable = false;
}

/** Another session kept an advisory lock for longer than its waiter was ready to wait. */
export class LockTimedOut extends Error {
  override readonly name = 'LockTimedOut';
  readonly code = 'LOCK_TIMED_OUT';
  readonly retryable = true;
}
