import { AccessUnavailable, KeyBook, migrateAccess } from '@candlekeep/access';
import { CommandRefused } from '@candlekeep/command-line';
import { EnvironmentRefused } from '@candlekeep/lifecycle';
import { createPool } from '@candlekeep/postgres';
import { redact, silentLogger } from '@candlekeep/telemetry';
import { parseCommand, USAGE } from './command-line';
import { readEnv } from './env';
import { DatabaseUnknown, findDatabase } from './find-database';
import { type Output, runCommand } from './run-command';

const out: Output = {
  print: (line) => process.stdout.write(`${line}\n`),
  tell: (line) => process.stderr.write(`${line}\n`),
};

async function main(): Promise<number> {
  const command = parseCommand(process.argv.slice(2));
  if (command.kind === 'help') {
    out.print(USAGE);
    return 0;
  }
  const pool = createPool({
    ...{ url: await findDatabase(readEnv()), applicationName: 'candlekeep-keys' },
    onError: () => undefined,
  });
  try {
    await migrateAccess(pool, silentLogger);
    return await runCommand(command, out, new KeyBook(pool));
  } finally {
    await pool.end();
  }
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    out.tell(explain(error));
    process.exitCode = 1;
  },
);

/** Errors that are meant for people say all there is to say; of others the message at least, without passwords. */
function explain(error: unknown): string {
  const forPeople = [CommandRefused, EnvironmentRefused, DatabaseUnknown, AccessUnavailable];
  if (!(error instanceof Error)) return String(error);
  if (forPeople.some((kind) => error instanceof kind)) return error.message;
  const reason = error.message === '' ? error.name : error.message;
  return redact(`The keys could not be reached: ${reason}. Is Postgres running at DATABASE_URL?`);
}
