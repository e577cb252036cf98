// `npm run bench:limiter`: the proofs of the limiter at full size, and their figures. The tests run the same ones, shorter.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { runSpecs } from './long-run.mjs';
import { table } from './figures.mjs';

const USAGE = `npm run bench:limiter -- [NAME ...]

  NAME   part of the name of a proof in test/resilience: clocks, jitter, kills, mutation, urgency, episodes, memory,
         single-flight (default: all of them, about 25 minutes)

Prints tables for docs/PERFORMANCE.md. Ends with exit code 1 when something was not proved.`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { help: { type: 'boolean', default: false } },
});
if (values.help) {
  console.log(USAGE);
  process.exit(0);
}
const wanted = positionals.length > 0 ? positionals.join('|') : 'limiter-|single-flight';
const folder = await mkdtemp(path.join(tmpdir(), 'candlekeep-figures-'));
const figures = path.join(folder, 'figures.jsonl');
try {
  await runSpecs({
    args: [
      ...['--selectProjects', 'resilience', '--runInBand'],
      ...['--', `resilience/.*(${wanted})`],
    ],
    env: { PROOF_SIZE: 'full', PROOF_FIGURES: figures },
  });
  console.log(tables(await readFile(figures, 'utf8').catch(() => '')));
} finally {
  await rm(folder, { recursive: true, force: true });
}

function tables(lines) {
  const rows = lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
  const names = [...new Set(rows.map((row) => row.table))];
  return names
    .map((name) => rows.filter((row) => row.table === name).map(({ row }) => row))
    .map((own) => `\n${table([Object.keys(own[0]), ...own.map((row) => Object.values(row))])}`)
    .join('\n');
}
