import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { countTests, summaryLine } from './jest-summary';

describe('the count of a test run', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'candlekeep-summary-'));
  });

  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  it('is one line with both numbers', () => {
    expect(summaryLine({ passed: 12, failed: 0 })).toBe('12 passed, 0 failed');
  });

  it('counts a suite that could not run as a failure', async () => {
    const file = await resultsFile({ passed: 5, failed: 1, broken: 2 });

    expect(await countTests(file, 1)).toEqual({ passed: 5, failed: 3 });
  });

  it('never calls a run good that jest calls failed', async () => {
    const file = await resultsFile({ passed: 5, failed: 0, broken: 0 });

    expect(await countTests(file, 1)).toEqual({ passed: 5, failed: 1 });
    expect(await countTests(file, 0)).toEqual({ passed: 5, failed: 0 });
  });

  it('is a failure when jest left no results', async () => {
    expect(await countTests(path.join(folder, 'none.json'), 0)).toEqual({ passed: 0, failed: 1 });
  });

  async function resultsFile(counts: {
    readonly passed: number;
    readonly failed: number;
    readonly broken: number;
  }): Promise<string> {
    const file = path.join(folder, 'results.json');
    const results = {
      numPassedTests: counts.passed,
      numFailedTests: counts.failed,
      numRuntimeErrorTestSuites: counts.broken,
    };
    await writeFile(file, JSON.stringify(results));
    return file;
  }
});
