// `npm run bench:live -- --seed 7 --hours 24`: a simulated day in virtual time, with the stream, without it, and with faults.
import { readOptions, runSpecs } from './long-run.mjs';

const USAGE = `npm run bench:live -- [--seed N] [--hours N] [--fault TEXT]

  --seed N       what callers, latencies and delays are drawn from (default 20260114)
  --hours N      virtual hours (default 24: some minutes of real time)
  --fault TEXT   of the days with faults only those whose names contain it

Prints the exchange's calls by timeframe and by whom they were for, how closed minutes came to be known, and what became of
every answer. Exits 1 at an answer or a final row that is not the exchange's own.`;

const { seed, hours, fault } = readOptions(USAGE, {
  seed: { usual: '20260114', form: /^\d{1,9}$/, expected: 'a number' },
  hours: { usual: '24', form: /^\d{1,3}(\.\d)?$/, expected: 'a number' },
  fault: { usual: '' },
});
await runSpecs({
  servers: false,
  args: ['--runInBand', '--selectProjects', 'unit', '--', 'test/live-day'],
  env: { LIVE_DAY_SEED: seed, LIVE_DAY_HOURS: hours, LIVE_DAY_FAULT: fault },
});
