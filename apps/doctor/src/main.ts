import { SystemClock } from '@candlekeep/clock';
import { CommandRefused } from '@candlekeep/command-line';
import { redact } from '@candlekeep/telemetry';
import { readOutput, USAGE } from './command-line';
import { readEnvironment } from './env';
import { examine } from './examine';
import { worstOf } from './finding';
import { jsonOf, tableOf } from './report';
import { lookAround } from './surroundings';

async function main(): Promise<number> {
  const output = readOutput(process.argv.slice(2));
  if (output.kind === 'help') {
    say(USAGE);
    return 0;
  }
  const surroundings = await lookAround(readEnvironment());
  const findings = await examine(surroundings, new SystemClock());
  say(output.kind === 'json' ? jsonOf(findings) : tableOf(findings));
  return worstOf(findings) === 'fail' ? 1 : 0;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const told = error instanceof CommandRefused ? error.message : describe(error);
    process.stderr.write(`${redact(told)}\n`);
    process.exitCode = 1;
  },
);

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
