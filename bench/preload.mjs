// `npm run bench:preload -- --days 8`: workloads with four kinds of foresight, replayed in virtual time.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { parseArgs } from 'node:util';

/** As the tests end that play them. */
const WORKLOADS = [
  'A(1) + B with the stream',
  'A(10) + B with the stream',
  'A(1) + B without the stream',
  'A(10) + B without the stream',
  'C, a screener',
  'D, charts and a backtest',
  'the demo day',
  'habits',
];
const USAGE = `npm run bench:preload -- [--seed N] [--days N] [--hours N] [--workload TEXT] [--tiers memory|real]

  --seed N          what callers, habits and latencies are drawn from (default 20260907)
  --days N          virtual days of the habits workload (default 8; targets are held from there on)
  --hours N         virtual hours of the other workloads (default 24)
  --workload TEXT   of the workloads only those whose names contain it: ${WORKLOADS.join('; ')}
  --tiers WHICH     L1 and L2 in memory (default), or in Redis and Postgres

Prints, for each workload and kind of foresight, the exchange's calls, where answers came from, how long they took, and how good
the predictions were. Exits 1 at an answer that is not the exchange's own, and at a target that is missed.`;

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '20260907' },
    days: { type: 'string', default: '8' },
    hours: { type: 'string', default: '24' },
    workload: { type: 'string', default: '' },
    tiers: { type: 'string', default: 'memory' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(USAGE);
  process.exit(0);
}
const patterns = {
  seed: [/^\d{1,9}$/, 'a number'],
  days: [/^\d{1,2}(\.\d{1,2})?$/, 'a number of days'],
  hours: [/^\d{1,3}(\.\d{1,2})?$/, 'a number of hours'],
  tiers: [/^(memory|real)$/, 'memory or real'],
};
for (const [name, [pattern, expected]] of Object.entries(patterns)) {
  if (pattern.test(values[name])) continue;
  console.error(`--${name} is "${values[name]}": expected ${expected}\n\n${USAGE}`);
  process.exit(2);
}
const chosen = WORKLOADS.filter((name) => name.includes(values.workload));
if (chosen.length === 0) {
  console.error(
    `--workload is "${values.workload}": expected a part of one of\n  ${WORKLOADS.join('\n  ')}`,
  );
  process.exit(2);
}
const runner = path.resolve('apps/standalone/bin/test.mjs');
const run = [runner, '--selectProjects', 'integration', '--runInBand'];
process.on('SIGINT', () => {});
const child = spawn(
  process.execPath,
  [...run, '--testNamePattern', `: (${chosen.map(escaped).join('|')})`, '--', 'test/preload'],
  {
    stdio: 'inherit',
    env: {
      ...process.env,
      PRELOAD_SEED: values.seed,
      PRELOAD_DAYS: values.days,
      PRELOAD_HOURS: values.hours,
      PRELOAD_TIERS: values.tiers,
    },
  },
);
const [code] = await once(child, 'exit');
process.exitCode = code ?? 1;

function escaped(text) {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
