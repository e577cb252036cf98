import type { Redis } from 'ioredis';

/** The server has no database of the number that the URL ends with, or lets this user choose none. */
export class RedisDatabaseRefused extends Error {
  override readonly name = 'RedisDatabaseRefused';
  readonly code = 'REDIS_DATABASE_REFUSED';
  readonly retryable = false;
}

/** What an error of a connection means, where it is the answer to the choice of its database. */
export function findRefusedDatabase(
  cause: Error,
  { options: { host, port, db } }: Pick<Redis, 'options'>,
): RedisDatabaseRefused | undefined {
  // Who has not said the password is refused everything, and told of that.
  if (!isAnswerToSelect(cause) || cause.message.startsWith('NOAUTH')) return undefined;
  return new RedisDatabaseRefused(
    `${host}:${port} refuses database ${db} (${cause.message}): end the URL with a number below its setting "databases", or with none for 0`,
    { cause },
  );
}

/** ioredis notes with a refusal which command was refused. */
function isAnswerToSelect(error: Error): boolean {
  if (!('command' in error)) return false;
  const { command } = error;
  const isCommand = typeof command === 'object' && command !== null && 'name' in command;
  return isCommand && command.name === 'select';
}
