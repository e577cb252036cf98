import { readFile } from 'node:fs/promises';
import { z } from 'zod';

const resultsSchema = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  numRuntimeErrorTestSuites: z.int(),
});

export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
}

/**
 * What a jest run came to, from its results file and exit code. A suite that could not run counts as one failed test, and
 * so does a run that failed for any other reason (no tests found, a crash, an interrupt).
 */
export async function countTests(resultsFile: string, exitCode: number): Promise<TestCounts> {
  const counts = await readCounts(resultsFile);
  if (exitCode === 0 || counts.failed > 0) return counts;
  return { ...counts, failed: 1 };
}

/** The last line of the run. */
export function summaryLine({ passed, failed }: TestCounts): string {
  return `${passed} passed, ${failed} failed`;
}

async function readCounts(file: string): Promise<TestCounts> {
  try {
    const results = resultsSchema.parse(JSON.parse(await readFile(file, 'utf8')));
    return {
      passed: results.numPassedTests,
      failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
    };
  } catch {
    // Jest ended before it wrote anything.
    return { passed: 0, failed: 1 };
  }
}
