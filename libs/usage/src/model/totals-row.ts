import { z } from 'zod';
import type { ListenedState } from './listened-time';

const VERSION = 1;

/** Key of the row that holds what belongs to no question; no question's text is like it. */
export const TOTALS_KEY = '#totals';

const rowSchema = z.object({
  v: z.literal(VERSION),
  since: z.number().min(0),
  heard: z.number().min(0),
  missed: z.number().min(0),
  hours: z.array(z.tuple([z.number().min(0), z.number().min(0)])).length(24),
});

export type TotalsRow = z.infer<typeof rowSchema>;

/** Time listened, and requests by hour of day. */
export interface Totals {
  readonly listened: ListenedState;
  readonly hours: readonly (readonly [number, number])[];
}

export function totalsRow({ listened, hours }: Totals): TotalsRow {
  const { sinceMs, heardMs, missedMs } = listened;
  const rounded = hours.map(([value, listenedMs]): [number, number] => {
    return [Math.round(value * 1_000) / 1_000, Math.round(listenedMs)];
  });
  return { v: VERSION, since: sinceMs, heard: heardMs, missed: missedMs, hours: rounded };
}

/** Reads {@link totalsRow}; undefined for anything else. */
export function findTotals(data: unknown): Totals | undefined {
  const row = rowSchema.safeParse(data);
  if (!row.success) return undefined;
  const { since: sinceMs, heard: heardMs, missed: missedMs, hours } = row.data;
  return { listened: { sinceMs, heardMs, missedMs }, hours };
}
