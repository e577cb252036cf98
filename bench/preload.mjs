// `npm run bench:preload -- --days 8`: workloads with four kinds of foresight, replayed in virtual time.
import { readOptions, runSpecs } from './long-run.mjs';

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

const { seed, days, hours, workload, tiers } = readOptions(USAGE, {
  seed: { usual: '20260907', form: /^\d{1,9}$/, expected: 'a number' },
  days: { usual: '8', form: /^\d{1,2}(\.\d{1,2})?$/, expected: 'a number of days' },
  hours: { usual: '24', form: /^\d{1,3}(\.\d{1,2})?$/, expected: 'a number of hours' },
  workload: { usual: '' },
  tiers: { usual: 'memory', form: /^(memory|real)$/, expected: 'memory or real' },
});
const chosen = WORKLOADS.filter((name) => name.includes(workload));
if (chosen.length === 0) {
  console.error(
    `--workload is "${workload}": expected a part of one of\n  ${WORKLOADS.join('\n  ')}`,
  );
  process.exit(2);
}
const named = ['--testNamePattern', `: (${chosen.map(escaped).join('|')})`];
await runSpecs({
  args: ['--selectProjects', 'integration', '--runInBand', ...named, '--', 'test/preload'],
  env: { PRELOAD_SEED: seed, PRELOAD_DAYS: days, PRELOAD_HOURS: hours, PRELOAD_TIERS: tiers },
});

function escaped(text) {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
