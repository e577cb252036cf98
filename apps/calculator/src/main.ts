import { CandlekeepClient, CandlekeepRequestFailed } from '@candlekeep/client';
import { SystemClock } from '@candlekeep/clock';
import { adviseKey, CommandRefused } from '@candlekeep/command-line';
import { type Mode, parseCommandLine, type Settings } from './command-line';
import { readEnv } from './env';
import { listenForLeave } from './leave';
import { follow } from './live/follow';
import { makeLoad } from './load/load';
import { loadReport } from './load/load-report';
import { openScreen } from './screen';
import { tableOf } from './table';
import { KEY_VARIABLE } from './usage';
import { planOf } from './variables/plan';
import { readWindows } from './variables/read-windows';
import { snapshotOf } from './variables/snapshot';

const EXIT = { done: 0, notDone: 1 };

async function main(): Promise<number> {
  const settings = parseCommandLine(process.argv.slice(2), readEnv());
  if ('help' in settings) {
    process.stdout.write(`${settings.help}\n`);
    return EXIT.done;
  }
  const left = listenForLeave(process);
  const { mode } = settings;
  try {
    return mode.kind === 'load' ? await load(settings, mode, left) : await show(settings, left);
  } catch (error) {
    if (left.aborted) return EXIT.done;
    throw error;
  }
}

async function show(settings: Settings, left: AbortSignal): Promise<number> {
  const client = new CandlekeepClient({ ...gatewayOf(settings), caller: 'calculator' });
  try {
    if (settings.mode.kind === 'once') {
      const windows = await readWindows(client, planOf(settings), left);
      process.stdout.write(`${tableOf(snapshotOf(settings, windows)).join('\n')}\n`);
    } else {
      await follow(
        settings,
        { source: client, clock: new SystemClock(), screen: openScreen() },
        left,
      );
    }
    return EXIT.done;
  } finally {
    client.close();
  }
}

function gatewayOf({ gatewayUrl: baseUrl, apiKey }: Settings) {
  return { baseUrl, apiKey };
}

/** A failure is counted, not repeated: what a gateway under load refuses is a finding. */
async function load(
  settings: Settings,
  mode: Extract<Mode, { kind: 'load' }>,
  left: AbortSignal,
): Promise<number> {
  const open = (instance: number) =>
    new CandlekeepClient({
      ...{ ...gatewayOf(settings), caller: `calculator-${instance}`, retries: 0 },
    });
  const run = await makeLoad(settings, mode, { open, clock: new SystemClock() }, left);
  process.stdout.write(`${loadReport(settings, mode, run)}\n`);
  return run.answered > 0 && run.errors.length === 0 ? EXIT.done : EXIT.notDone;
}

main().then(
  (code) => {
    end(process.stdout, '', code);
  },
  (error: unknown) => {
    end(process.stderr, `${describe(error)}\n`, EXIT.notDone);
  },
);

/** Ends when all is written. */
function end(stream: NodeJS.WritableStream, lastWords: string, code: number): void {
  stream.write(lastWords, () => process.exit(code));
}

/** What people can act on is said in one line; anything else with where it happened. */
function describe(error: unknown): string {
  if (error instanceof CommandRefused) return error.message;
  if (error instanceof CandlekeepRequestFailed) return describeFailure(error);
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function describeFailure({ status, problem, message }: CandlekeepRequestFailed): string {
  const isShown = readEnv().CANDLEKEEP_KEY !== undefined;
  const advice = adviseKey(KEY_VARIABLE, { status, isShown });
  return advice === '' ? message : `${problem?.detail ?? message}${advice}`;
}
