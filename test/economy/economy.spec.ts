import { hardWork } from './hard-workloads';
import { lowerBound } from './lower-bound';
import type { Call } from '../support/tape-exchange';
import { TapeHouse } from './tape-house';
import { dailyWork, START_MS, type Workload } from './workloads';

const SEED = 20_250_903;
/** How much more than the best possible the planner may spend. */
const ALLOWANCE = 1.05;

describe('upstream calls of the real planner, against what nobody can go below', () => {
  beforeAll(() => {
    printRow(['workload', 'requests', 'calls', 'bound', 'ratio', 'of them']);
  });

  it.each(dailyWork(SEED))('are within 5 % of it: $name', async (workload) => {
    const { calls, bound } = await measure(workload);
    expect(bound).toBeGreaterThan(0);
    expect(calls).toBeGreaterThanOrEqual(bound);
    expect(calls).toBeLessThanOrEqual(bound * ALLOWANCE);
  });

  it.each(hardWork(SEED))('are printed: $name', async (workload) => {
    const { calls, bound } = await measure(workload);
    expect(calls).toBeGreaterThanOrEqual(bound);
  });
});

/** Runs a workload through the house, from nothing known; each answer is held against the exchange's own. */
async function measure({ name, tapes, phases }: Workload) {
  const house = new TapeHouse(tapes, START_MS);
  for (const phase of phases) {
    house.restart();
    await house.answer(phase);
  }
  const requests = phases.flat();
  const bound = lowerBound(requests, tapes);
  const calls = house.calls.length;
  const ratio = (calls / bound).toFixed(3);
  printRow([name, requests.length, calls, bound, ratio, kindsOf(house.calls)]);
  return { calls, bound };
}

function printRow(cells: readonly (string | number)[]): void {
  const [name, ...rest] = cells.map(String);
  const kinds = rest.pop() ?? '';
  const numbers = rest.map((text) => text.padStart(9)).join('');
  process.stdout.write(`${(name ?? '').padEnd(46)}${numbers}  ${kinds}\n`);
}

/** Calls by timeframe: newest pages (`head`) and others. */
function kindsOf(calls: readonly Call[]): string {
  const kinds = new Map<string, number>();
  for (const { series, toMs } of calls) {
    const kind = `${series.timeframe.code} ${toMs === undefined ? 'head' : 'page'}`;
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  return [...kinds].map(([kind, own]) => `${kind} ${own}`).join(', ');
}
