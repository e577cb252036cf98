// `npm run soak -- --minutes 60 --seed 7`: random runs of the real stack against the model, batch after batch, each with a seed of its own.
import { newSeed, readOptions, runSpecs } from '../../bench/long-run.mjs';

const USAGE = `npm run soak -- [--minutes N] [--seed N] [--path P]

  --minutes N   how long (default 60)
  --seed N      the seed of the first batch; the others count on from it (default: a new one)
  --path P      of a failure that was printed: only that one run is repeated, with its --seed

Prints for each batch its seed, steps, reads, where answers came from, and calls of the exchange. Ends with exit code 1
at the first answer that the exchange has not shown, with seed, path and the shortest moves that lead there.`;

const { minutes, seed, path } = readOptions(USAGE, {
  minutes: { usual: '60', form: /^\d{1,4}(\.\d)?$/, expected: 'minutes, such as 60 or 0.5' },
  seed: { usual: newSeed(), form: /^\d{1,9}$/, expected: 'a whole number' },
  path: { usual: '', form: /^[\d:]*$/, expected: 'a path as a failure prints it, such as 12:0:3' },
});
await runSpecs({
  args: ['--selectProjects', 'integration', '--', 'test/model/model.spec'],
  env: { MODEL_SEED: seed, MODEL_MINUTES: minutes, MODEL_PATH: path },
});
