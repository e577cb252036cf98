// `npm run bench:live -- --seed 7 --hours 24`: a simulated day in virtual time, with the stream, without it, and with faults.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { parseArgs } from 'node:util';

const USAGE = `npm run bench:live -- [--seed N] [--hours N] [--fault TEXT]

  --seed N       what callers, latencies and delays are drawn from (default 20260114)
  --hours N      virtual hours (default 24: some minutes of real time)
  --fault TEXT   of the days with faults only those whose names contain it

Prints the exchange's calls by timeframe and by whom they were for, how closed minutes came to be known, and what became of
every answer. Exits 1 at an answer or a final row that is not the exchange's own.`;

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '20260114' },
    hours: { type: 'string', default: '24' },
    fault: { type: 'string', default: '' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(USAGE);
  process.exit(0);
}
for (const [name, pattern] of Object.entries({ seed: /^\d{1,9}$/, hours: /^\d{1,3}(\.\d)?$/ })) {
  if (pattern.test(values[name])) continue;
  console.error(`--${name} is "${values[name]}": expected a number\n\n${USAGE}`);
  process.exit(2);
}
const jest = path.resolve('node_modules', 'jest', 'bin', 'jest.js');
const child = spawn(
  process.execPath,
  [jest, '--runInBand', '--selectProjects', 'unit', '--', 'test/live-day'],
  {
    stdio: 'inherit',
    env: {
      ...process.env,
      LIVE_DAY_SEED: values.seed,
      LIVE_DAY_HOURS: values.hours,
      LIVE_DAY_FAULT: values.fault,
    },
  },
);
process.on('SIGINT', () => {});
child.on('exit', (code) => process.exit(code ?? 1));
