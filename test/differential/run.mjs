// `npm run differential -- --seed 7 --requests 5000`: random questions to two gateways, each answer held against the exchange's own.
import { newSeed, readOptions, runSpecs } from '../../bench/long-run.mjs';

const USAGE = `npm run differential -- [--seed N] [--requests N]

  --seed N       what the questions are made from; printed by every run (default: a new one)
  --requests N   how many questions (default 5000: about 10 minutes, since what nobody knows yet costs the
                 exchange's 10 calls a second)

Prints the seed, how many answers were compared, and the first differences; exits 1 when there are any.`;

const whole = { form: /^\d{1,9}$/, expected: 'a whole number' };
const { seed, requests } = readOptions(USAGE, {
  seed: { usual: newSeed(), ...whole },
  requests: { usual: '5000', ...whole },
});
await runSpecs({
  args: ['--selectProjects', 'e2e', '--', 'e2e/differential'],
  env: { DIFFERENTIAL_SEED: seed, DIFFERENTIAL_REQUESTS: requests },
});
