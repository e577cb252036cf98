import { chown, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { ProcessStamp, findStamp } from '../../processes/process-stamp';
import { ToolOutcome, runTool } from '../../processes/run-tool';
import { StartFailure } from '../../start-failure';
import { PostgresHome, dataFolder } from './postgres-home';

/** The name of the database's owner. */
export const databaseUser = 'candlekeep';

export interface Postmaster {
  readonly stamp: ProcessStamp;
  readonly port: number;
}

export interface ClusterOptions {
  readonly home: PostgresHome;
  /** False for tests, which lose nothing worth keeping when the machine itself stops. */
  readonly durable: boolean;
}

// What the person's shell says about Postgres (PGPORT, PGDATA, a locale) must not reach this server.
const env = { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };
const waitSeconds = 60;
/** Each process takes up to ten; tests bring up several houses side by side. */
const mostConnections = 300;

/** The data folder of one Postgres, and the programs that make, start and stop it. */
export class PostgresCluster {
  readonly data: string;
  readonly logFile: string;
  readonly passwordFile: string;

  constructor(private readonly options: ClusterOptions) {
    const { folder } = options.home;
    this.data = dataFolder(folder);
    this.logFile = path.join(folder, 'server.log');
    this.passwordFile = path.join(folder, 'password');
  }

  /** Makes the data folder at the first start. A half-made one, from a start that was cut short, is made again. */
  async makeData(): Promise<void> {
    if ((await stat(path.join(this.data, 'PG_VERSION')).catch(() => undefined)) !== undefined)
      return;
    const { user, binaries } = this.options.home;
    if (user !== undefined) await chown(this.passwordFile, user.uid, user.gid);
    const unfinished = `${this.data}.unfinished`;
    await rm(unfinished, { recursive: true, force: true });
    const { ok, output } = await this.run(binaries.initdb, [
      ...['-D', unfinished, '-U', databaseUser, `--pwfile=${this.passwordFile}`],
      ...['--auth=scram-sha-256', '--encoding=UTF8', '--no-locale'],
      ...(this.options.durable ? [] : ['--no-sync']),
    ]);
    if (!ok) {
      throw new StartFailure(
        `Postgres could not make its data folder ${this.data}:\n${output}\nMake room or rights there, or set DATABASE_URL.`,
      );
    }
    await rename(unfinished, this.data);
  }

  /** The server that runs on this data folder, if one does. */
  async findPostmaster(): Promise<Postmaster | undefined> {
    const postmaster = parsePostmasterFile(await this.readPidFile());
    if (postmaster === undefined) return undefined;
    const stamp = await findStamp(postmaster.pid);
    if (stamp === undefined) return undefined;
    if (await isPostgres(stamp.pid)) return { stamp, port: postmaster.port };
    // The id belongs to another program by now. Postgres itself would take it for a living server and refuse to start.
    await rm(this.pidFile, { force: true });
    return undefined;
  }

  /** `pg_ctl start` waits for the server, detaches it from this terminal, and sends its words to the log file. */
  async start(port: number): Promise<ToolOutcome> {
    const settings = [
      `-c listen_addresses=127.0.0.1 -c port=${port} -c unix_socket_directories=''`,
      `-c max_connections=${mostConnections}`,
      ...(this.options.durable ? [] : ['-c fsync=off -c full_page_writes=off']),
    ].join(' ');
    return this.control('start', ['-l', this.logFile, '-o', settings]);
  }

  async stop(mode: 'fast' | 'immediate'): Promise<ToolOutcome> {
    return this.control('stop', ['-m', mode]);
  }

  private get pidFile(): string {
    return path.join(this.data, 'postmaster.pid');
  }

  private readPidFile(): Promise<string> {
    return readFile(this.pidFile, 'utf8').catch(() => '');
  }

  private control(command: string, args: readonly string[]): Promise<ToolOutcome> {
    const common = ['-w', '-t', String(waitSeconds), '-D', this.data];
    return this.run(this.options.home.binaries.pgCtl, [command, ...common, ...args]);
  }

  private run(program: string, args: readonly string[]): Promise<ToolOutcome> {
    const { user, folder } = this.options.home;
    return runTool(program, args, { user, cwd: folder, env, timeoutMs: 2 * waitSeconds * 1_000 });
  }
}

/** Process id (line 1) and port (line 4) in the text of postmaster.pid; undefined when it is not whole. */
export function parsePostmasterFile(
  text: string,
): { readonly pid: number; readonly port: number } | undefined {
  const lines = text.split('\n');
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  return pid > 0 && port > 0 ? { pid, port } : undefined;
}

async function isPostgres(pid: number): Promise<boolean> {
  if (process.platform === 'linux') {
    return (await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')).trim() === 'postgres';
  }
  const { output } = await runTool('ps', ['-o', 'comm=', '-p', String(pid)]);
  return output.includes('postgres');
}
