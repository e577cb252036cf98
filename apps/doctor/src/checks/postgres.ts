import type { CandleTable, TimescaleJob } from '@candlekeep/candle-store';
import type { MigrationState, ServerFacts } from '@candlekeep/postgres';
import { judgeOffset } from '../clock-offset';
import { type Finding, fail, ok, warn } from '../finding';
import type { PostgresLook, PostgresThere } from './postgres-look';

const NAME = 'DATABASE_URL';
/** What one more process may open. */
const CONNECTIONS_OF_A_PROCESS = 10;

/** Judges the store; `isOurs` when `npm start` has brought it. */
export function judgePostgres(look: PostgresLook, isOurs: boolean): Finding[] {
  switch (look.kind) {
    case 'none':
      return [ok(NAME, 'not set: `npm start` brings a server of its own')];
    case 'away':
      return [
        fail(
          NAME,
          `${look.address} cannot be used: ${look.reason}`,
          `start that server, or correct ${NAME} (address, user, password, database)`,
        ),
      ];
    case 'too old':
      return [
        fail(NAME, look.reason, 'upgrade it with pg_upgrade, or restore a dump on a newer one'),
      ];
    case 'there':
      return [
        judgeServer(look),
        judgeSchema(look.schema),
        ...judgeTimescale(look.candles, isOurs),
        judgeConnections(look.facts),
        judgeOffset(`${NAME} clock`, look.offset, "that server's clock"),
      ];
  }
}

function judgeServer({ address, facts: { version, isReplica } }: PostgresThere): Finding {
  const seen = `${address}, PostgreSQL ${version}`;
  if (!isReplica) return ok(NAME, seen);
  return fail(NAME, `${seen}, a replica that takes no writes`, `point ${NAME} at its primary`);
}

function judgeSchema({ pending, unknown }: MigrationState): Finding {
  const check = `${NAME} schema`;
  if (unknown.length > 0) {
    const seen = `newer than this build: it has ${unknown.join(', ')}`;
    return fail(check, seen, 'run the newer build, which made it; an older one may misread it');
  }
  if (pending.length === 0) return ok(check, 'as this build needs it');
  const seen = `${pending.length} migrations have not run: ${pending.join(', ')}`;
  return ok(check, `${seen} (the next start of any process runs them)`);
}

function judgeTimescale(table: CandleTable, isOurs: boolean): Finding[] {
  const check = `${NAME} TimescaleDB`;
  const { timescale, isHypertable, jobs } = table;
  const plain =
    'candles lie in a plain table, which answers the same and takes several times the room';
  if (timescale.kind === 'absent') {
    if (isOurs) return [ok(check, `not there: ${plain}`)];
    return [
      warn(
        check,
        `not there: ${plain}`,
        'install the extension on that server, if years of many markets are to be kept',
      ),
    ];
  }
  if (timescale.kind === 'available' || !isHypertable) {
    const seen = `${timescale.version} is not in use yet: ${plain}`;
    const advice =
      'start a process: it turns the table into a hypertable; if it did not, its log says why (rights, shared_preload_libraries)';
    return [warn(check, seen, advice)];
  }
  return [ok(check, `${timescale.version}, candles are a hypertable`), judgeJobs(jobs)];
}

/** Without the packing candles answer as before; they take the room of a plain table. */
function judgeJobs(jobs: readonly TimescaleJob[]): Finding {
  const check = `${NAME} Timescale jobs`;
  const failed = jobs.find(({ lastRun }) => lastRun === 'failed');
  if (failed !== undefined) {
    const seen = `${failed.name} failed, ${failed.failures} times so far: ${failed.lastError ?? 'its error is not kept'}`;
    const advice =
      'mend its cause, then CALL run_job(<its number>); see timescaledb_information.job_errors';
    return warn(check, seen, advice);
  }
  const packing = jobs.find(({ packsCandles }) => packsCandles);
  if (packing === undefined) {
    const seen = 'nothing packs old candles';
    return warn(
      check,
      seen,
      'start a process: it adds the policy; if it did not, its log says why',
    );
  }
  const number = /\d+/.exec(packing.name)?.[0] ?? '<its number>';
  if (!packing.isScheduled) {
    return warn(
      check,
      `${packing.name} is paused`,
      `SELECT alter_job(${number}, scheduled => true)`,
    );
  }
  if (packing.lastRun === undefined) {
    const advice =
      'if it stays so, raise timescaledb.max_background_workers and max_worker_processes: the server has no worker free for it';
    return warn(check, `${packing.name} has never run`, advice);
  }
  return ok(check, `${jobs.length} scheduled, none has failed`);
}

function judgeConnections({ freeConnections, maxConnections }: ServerFacts): Finding {
  const check = `${NAME} connections`;
  const seen = `${freeConnections} of ${maxConnections} free`;
  if (freeConnections >= CONNECTIONS_OF_A_PROCESS) return ok(check, seen);
  const advice = `raise max_connections: each gateway, worker and live opens up to ${CONNECTIONS_OF_A_PROCESS}`;
  return warn(check, seen, advice);
}
