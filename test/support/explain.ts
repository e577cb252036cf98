import { inTransaction, type Pool } from '@candlekeep/postgres';
import { Client } from 'pg';
import { z } from 'zod';

/** A statement as it was sent. */
export interface SentStatement {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** One step of a query plan. */
export interface PlanStep {
  readonly type: string;
  readonly table: string | undefined;
  readonly index: string | undefined;
  readonly steps: readonly PlanStep[];
}

const sent = z.object({ text: z.string(), values: z.array(z.unknown()) });

const step: z.ZodType<PlanStep> = z
  .object({
    'Node Type': z.string(),
    'Relation Name': z.string().optional(),
    'Index Name': z.string().optional(),
    get Plans() {
      return z.array(step).optional();
    },
  })
  .transform((raw) => ({
    type: raw['Node Type'],
    table: raw['Relation Name'],
    index: raw['Index Name'],
    steps: raw.Plans ?? [],
  }));
const explained = z.array(z.object({ 'QUERY PLAN': z.array(z.object({ Plan: step })) }));

/** The prepared statements that any connection sends while `work` runs. */
export async function statementsOf(work: () => Promise<unknown>): Promise<SentStatement[]> {
  const query = jest.spyOn(Client.prototype, 'query');
  try {
    await work();
    const configs: unknown[] = query.mock.calls.map(([config]) => config);
    return configs.flatMap((config) => sent.safeParse(config).data ?? []);
  } finally {
    query.mockRestore();
  }
}

/** How the server would run a statement: planned for its values, or once for any (as a prepared one is after five runs). */
export async function planOf(
  pool: Pool,
  { text, values }: SentStatement,
  mode: 'force_custom_plan' | 'force_generic_plan',
): Promise<PlanStep> {
  return inTransaction(pool, async (client) => {
    await client.query(`SET LOCAL plan_cache_mode = ${mode}`);
    await client.query(`PREPARE probe AS ${text}`);
    const literals = values.map((value) => literalOf(value)).join(', ');
    const { rows } = await client.query(`EXPLAIN (FORMAT JSON) EXECUTE probe(${literals})`);
    await client.query('DEALLOCATE probe');
    const [first] = explained.parse(rows);
    return first!['QUERY PLAN'][0]!.Plan;
  });
}

/** The step and all steps below it. */
export function stepsUnder(plan: PlanStep): PlanStep[] {
  return [plan, ...plan.steps.flatMap(stepsUnder)];
}

function literalOf(value: unknown): string {
  if (typeof value === 'number') return String(value);
  const text = Array.isArray(value) ? `{${value.map((one) => `"${one}"`).join(',')}}` : value;
  return `'${String(text)}'`;
}
