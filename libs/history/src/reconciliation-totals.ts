import type { Pool } from '@candlekeep/postgres';
import { onBook } from './history-failure';

/** What rounds of reconciliation have done. */
export interface ReconciliationCounts {
  readonly runs: number;
  /** Pages read again, and the calls that they cost. */
  readonly pages: number;
  readonly calls: number;
  readonly rows: number;
  /** Stored rows that the exchange showed otherwise; they are repaired. */
  readonly differences: number;
  /** Pages that were refused or did not come. */
  readonly failures: number;
}

export const NOTHING_RECONCILED: ReconciliationCounts = {
  runs: 0,
  pages: 0,
  calls: 0,
  rows: 0,
  differences: 0,
  failures: 0,
};

const ADD = `
  UPDATE reconciliation
     SET runs = runs + $1, pages = pages + $2, calls = calls + $3, rows = rows + $4,
         differences = differences + $5, failures = failures + $6, updated_at = clock_timestamp()`;

const READ = 'SELECT runs, pages, calls, rows, differences, failures FROM reconciliation';

/** The sums of all rounds of all workers, in Postgres. */
export class ReconciliationTotals {
  constructor(private readonly pool: Pool) {}

  async add(counts: ReconciliationCounts): Promise<void> {
    const { runs, pages, calls, rows, differences, failures } = counts;
    const values = [runs, pages, calls, rows, differences, failures];
    await onBook('add to the sums of reconciliation', () => this.pool.query(ADD, values));
  }

  async read(): Promise<ReconciliationCounts> {
    const { rows } = await onBook('read the sums of reconciliation', () =>
      this.pool.query<ReconciliationCounts>(READ),
    );
    return rows[0] ?? NOTHING_RECONCILED;
  }
}
