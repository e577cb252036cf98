// `npm run reference`: writes the tables of settings anew from the rules that the processes apply, those of metrics and
// alerts from their declarations. What a variable does stays as it stands; a new one comes without words, and the test fails until it has some.
import { spawnSync } from 'node:child_process';

const PAGES = ['docs/GUIDE.md', 'docs/GUIDE.ko.md', 'docs/METRICS.md', 'docs/OPERATIONS.md'];
const SPECS = ['settings', 'metrics', 'alerts'].map(
  (name) => `test/architecture/documentation-${name}`,
);
const steps = [
  ['jest', '--selectProjects', 'unit', '--', ...SPECS],
  ['prettier', '--log-level', 'warn', '--write', ...PAGES],
];
const env = { ...process.env, WRITE_REFERENCE: 'yes' };
const codes = steps.map((step) => spawnSync('npx', step, { stdio: 'inherit', env }).status ?? 1);
process.exitCode = Math.max(...codes);
