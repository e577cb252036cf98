import { SystemClock } from '@candlekeep/clock';
import { CommandRefused } from '@candlekeep/command-line';
import { parseCommandLine } from './command-line';
import { runCommand } from './commands';
import { readKey } from './env';
import { EXIT } from './exit-code';
import { GatewayRefused, PersonLeft } from './gateway-refused';
import { listenForLeave } from './interruption';
import { openTerminal } from './terminal';

async function main(): Promise<number> {
  const interrupted = listenForLeave(process);
  const line = parseCommandLine(process.argv.slice(2));
  const clock = new SystemClock();
  const terminal = openTerminal(() => clock.monotonicMs());
  if (line.command === 'help') {
    terminal.say(line.text);
    return EXIT.done;
  }
  const key = readKey();
  const shown = key === undefined ? {} : { key };
  return await runCommand(line, { terminal, clock, interrupted, ...shown });
}

main().then(
  (code) => {
    end(process.stdout, '', code);
  },
  (error: unknown) => {
    const told = isForPeople(error) ? error.message : describe(error);
    end(process.stderr, `${told}\n`, error instanceof PersonLeft ? EXIT.left : EXIT.notDone);
  },
);

/** Ends at once when all is written: a process that winds down lets go of its signals first, and the next Ctrl-C would kill it. */
function end(stream: NodeJS.WritableStream, lastWords: string, code: number): void {
  stream.write(lastWords, () => process.exit(code));
}

/** Whether an error is meant for people, so that its message is all there is to say. */
function isForPeople(error: unknown): error is Error {
  return [CommandRefused, GatewayRefused, PersonLeft].some((kind) => error instanceof kind);
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
