import { parseEnv as parseGateway } from '../../gateway/src/env';
import { parseEnv as parseLive } from '../../live/src/env';
import { parseSettings } from '../../standalone/src/env';
import { parseEnv as parseWorker } from '../../worker/src/env';
import { type Finding, fail, ok, reasonOf, warn } from './finding';
import type { Surroundings } from './surroundings';

/** What each process would make of its environment; missing where it would refuse it. */
export interface Settings {
  readonly findings: readonly Finding[];
  readonly gateway: ReturnType<typeof parseGateway> | undefined;
  readonly worker: ReturnType<typeof parseWorker> | undefined;
  readonly live: ReturnType<typeof parseLive> | undefined;
}

/** Stand-ins for what `npm start` brings along. */
const BROUGHT = {
  REDIS_URL: 'redis://127.0.0.1:6379',
  DATABASE_URL: 'postgres://127.0.0.1:5432/candlekeep',
};

/** Reads the environment as every process reads it. */
export function readSettings({ variables, servers }: Surroundings): Settings {
  const environment = { ...BROUGHT, ...variables };
  const gateway = attempt('gateway', () => parseGateway(environment));
  const worker = attempt('worker', () => parseWorker(environment));
  const live = attempt('live', () => parseLive(environment));
  const start = attempt('npm start', () => parseSettings(environment, []));
  return {
    findings: [...gateway.findings, ...worker.findings, ...live.findings].concat(
      servers === 'given' ? start.findings.map(lessSerious) : start.findings,
    ),
    gateway: gateway.value,
    worker: worker.value,
    live: live.value,
  };
}

interface Attempt<Value> {
  readonly value: Value | undefined;
  readonly findings: readonly Finding[];
}

function attempt<Value>(reader: string, parse: () => Value): Attempt<Value> {
  const check = `settings of ${reader}`;
  try {
    return { value: parse(), findings: [ok(check, 'can be used')] };
  } catch (error) {
    const seen = wordsOf(error);
    const advice = 'correct or unset what is named; docs/GUIDE.md lists every setting';
    return { value: undefined, findings: [fail(check, seen, advice)] };
  }
}

/** With servers of its own, a house may be run process by process, without `npm start`. */
function lessSerious(finding: Finding): Finding {
  const { check, state, seen, advice = '' } = finding;
  return state === 'fail' ? warn(check, seen, advice) : finding;
}

/** Every line of a complaint, as one. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return reasonOf(error);
  return error.message
    .split('\n')
    .map((line) => line.trim())
    .join(' ');
}
