// `npm run differential -- --seed 7 --requests 5000`: random questions to two gateways, each answer held against the exchange's own.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { parseArgs } from 'node:util';

const USAGE = `npm run differential -- [--seed N] [--requests N]

  --seed N       what the questions are made from; printed by every run (default: a new one)
  --requests N   how many questions (default 5000: about 10 minutes, since what nobody knows yet costs the
                 exchange's 10 calls a second)

Prints the seed, how many answers were compared, and the first differences; exits 1 when there are any.`;

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    requests: { type: 'string', default: '5000' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(USAGE);
  process.exit(0);
}
for (const [name, text] of Object.entries({ seed: values.seed, requests: values.requests })) {
  if (/^\d{1,9}$/.test(text)) continue;
  console.error(`--${name} is "${text}": expected a whole number\n\n${USAGE}`);
  process.exit(2);
}
const runner = path.resolve('apps/standalone/bin/test.mjs');
const child = spawn(
  process.execPath,
  [runner, '--selectProjects', 'e2e', '--', 'e2e/differential'],
  {
    stdio: 'inherit',
    env: {
      ...process.env,
      DIFFERENTIAL_SEED: values.seed,
      DIFFERENTIAL_REQUESTS: values.requests,
    },
  },
);
process.on('SIGINT', () => {});
child.on('exit', (code) => process.exit(code ?? 1));
