// `npm run fuzz -- --requests 20000 --seed 7`: generated requests of every kind to one whole house, and messages of its stream.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { parseArgs } from 'node:util';

const USAGE = `npm run fuzz -- [--requests N] [--seed N]

  --requests N   how many (default 20000: about 4 minutes)
  --seed N       what they are made from; printed by every run (default: a new one)

Prints the seed, how often each status was answered, and memory as it went; exits 1 with the first findings when a request
was met with a failure, an answer in the wrong dialect or without a reason, when good requests in between were slow or wrong,
or when sockets or memory were not given back.`;

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '20000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(USAGE);
  process.exit(0);
}
for (const [name, text] of Object.entries({ seed: values.seed, requests: values.requests })) {
  if (/^\d{1,7}$/.test(text)) continue;
  console.error(`--${name} is "${text}": expected a whole number\n\n${USAGE}`);
  process.exit(2);
}
const runner = path.resolve('apps/standalone/bin/test.mjs');
const child = spawn(
  process.execPath,
  [runner, '--selectProjects', 'e2e', '--', 'e2e/fuzz-campaign'],
  {
    stdio: 'inherit',
    env: { ...process.env, FUZZ_SEED: values.seed, FUZZ_REQUESTS: values.requests },
  },
);
process.on('SIGINT', () => {});
child.on('exit', (code) => process.exit(code ?? 1));
