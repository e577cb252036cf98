// What an answer costs beside what it could cost: `npm run bench`, or one part: `node bench/serving.mjs --only hot`
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { table } from './figures.mjs';

const SECTIONS = ['hot', 'l1', 'l2', 'miss', 'variety', 'batch', 'arrow', 'sdk', 'proxy'];

const USAGE = `node bench/serving.mjs [--only NAME] [--rounds N] [--seconds N] [--minutes N] [--profile FOLDER]

  --only NAME   one of ${SECTIONS.join(', ')}; several times for several (default: all)
  --rounds N    turns that each server of a contest takes; figures are medians over them (default 5)
  --seconds N   length of one turn (default 5)
  --minutes N   length of variety and proxy (default 1); 16 minutes of proxy hold a quarter hour
  --profile F   folder for CPU profiles of the gateways (.cpuprofile); they slow them down

Everything runs from dist/ (npm run build) on servers of its own. Exits 1 when a target is missed.`;

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true, default: SECTIONS },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '5' },
    minutes: { type: 'string', default: '1' },
    profile: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(USAGE);
  process.exit(0);
}
checkValues();

const targets = [];
const failed = [];
console.log(machine());
for (const name of values.only) {
  try {
    const section = await import(`./serving/${name}.mjs`);
    const measured = await section.run(options());
    console.log(`\n### ${section.title}\n\n${measured.text}`);
    targets.push(...measured.targets);
  } catch (error) {
    failed.push(name);
    console.error(`\n${name} could not be measured:`, error);
  }
}
console.log(`\n${targetTable()}`);
if (failed.length > 0) console.log(`\nnot measured: ${failed.join(', ')}`);
process.exitCode = failed.length === 0 && targets.every(holds) ? 0 : 1;

/** What it ran on, and how busy that was before. */
function machine() {
  const cores = os.cpus();
  const gb = (os.totalmem() / 2 ** 30).toFixed(0);
  const [load] = os.loadavg();
  return `${cores.length} × ${cores[0].model.trim()}, ${gb} GB, ${os.type()} ${os.release()}, Node ${process.version}; load before: ${load.toFixed(1)}; ${values.rounds} rounds of ${values.seconds} s`;
}

function options() {
  const { rounds, seconds, minutes, profile } = values;
  return {
    ...{ rounds: Number(rounds), seconds: Number(seconds), minutes: Number(minutes) },
    gatewayFlags: profile ? ['--cpu-prof', `--cpu-prof-dir=${path.resolve(profile)}`] : [],
  };
}

function checkValues() {
  if (!/^[1-9]\d{0,2}$/.test(values.rounds)) {
    refuse(`--rounds is "${values.rounds}": expected a whole number from 1 to 999`);
  }
  for (const name of ['seconds', 'minutes']) {
    if (/^\d{1,4}(\.\d+)?$/.test(values[name]) && Number(values[name]) > 0) continue;
    refuse(`--${name} is "${values[name]}": expected a number above 0`);
  }
  const unknown = values.only.find((name) => !SECTIONS.includes(name));
  if (unknown !== undefined) refuse(`--only is "${unknown}": expected ${SECTIONS.join(', ')}`);
}

function refuse(message) {
  console.error(`${message}\n\n${USAGE}`);
  process.exit(2);
}

function targetTable() {
  const rows = targets.map((target) => {
    const { name, value, atLeast, atMost } = target;
    const limit = atLeast === undefined ? `≤ ${atMost}` : `≥ ${atLeast}`;
    return [name, limit, value.toFixed(2), holds(target) ? 'holds' : 'missed'];
  });
  return table([['target', 'limit', 'measured', ''], ...rows]);
}

function holds({ value, atLeast = -Infinity, atMost = Infinity }) {
  return value >= atLeast && value <= atMost;
}
