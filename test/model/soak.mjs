// `npm run soak -- --minutes 60 --seed 7`: random runs of the real stack against the model, batch after batch, each with a seed of its own.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { parseArgs } from 'node:util';

const USAGE = `npm run soak -- [--minutes N] [--seed N] [--path P]

  --minutes N   how long (default 60)
  --seed N      the seed of the first batch; the others count on from it (default: a new one)
  --path P      of a failure that was printed: only that one run is repeated, with its --seed

Prints for each batch its seed, steps, reads, where answers came from, and calls of the exchange. Ends with exit code 1
at the first answer that the exchange has not shown, with seed, path and the shortest moves that lead there.`;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '60' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    path: { type: 'string', default: '' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(USAGE);
  process.exit(0);
}
for (const [name, pattern] of Object.entries({
  minutes: /^\d{1,4}(\.\d)?$/,
  seed: /^\d{1,9}$/,
  path: /^[\d:]*$/,
})) {
  if (pattern.test(values[name])) continue;
  console.error(`--${name} is "${values[name]}": expected another form\n\n${USAGE}`);
  process.exit(2);
}
const runner = path.resolve('apps/standalone/bin/test.mjs');
const child = spawn(
  process.execPath,
  [runner, '--selectProjects', 'integration', '--', 'test/model/model.spec'],
  {
    stdio: 'inherit',
    env: {
      ...process.env,
      MODEL_SEED: values.seed,
      MODEL_MINUTES: values.minutes,
      MODEL_PATH: values.path,
    },
  },
);
process.on('SIGINT', () => {});
child.on('exit', (code) => process.exit(code ?? 1));
