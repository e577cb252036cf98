// `npm run fuzz -- --requests 20000 --seed 7`: generated requests of every kind to one whole house, and messages of its stream.
import { newSeed, readOptions, runSpecs } from '../../bench/long-run.mjs';

const USAGE = `npm run fuzz -- [--requests N] [--seed N]

  --requests N   how many (default 20000: about 4 minutes)
  --seed N       what they are made from; printed by every run (default: a new one)

Prints the seed, how often each status was answered, and memory as it went; exits 1 with the first findings when a request
was met with a failure, an answer in the wrong dialect or without a reason, when good requests in between were slow or wrong,
or when sockets or memory were not given back.`;

const whole = { form: /^\d{1,7}$/, expected: 'a whole number' };
const { requests, seed } = readOptions(USAGE, {
  requests: { usual: '20000', ...whole },
  seed: { usual: newSeed(), ...whole },
});
await runSpecs({
  args: ['--selectProjects', 'e2e', '--', 'e2e/fuzz-campaign'],
  env: { FUZZ_SEED: seed, FUZZ_REQUESTS: requests },
});
