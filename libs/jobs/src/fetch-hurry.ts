import { LANES } from '@candlekeep/market';
import { z } from 'zod';

/** The small message which says that a fetch under way is wanted by one more. */
const hurrySchema = z.object({
  id: z.string(),
  lane: z.enum(LANES),
  /** How long it is wanted from now on, ms: the clocks of two processes may differ. */
  leftMs: z.number().nonnegative(),
});

export type FetchHurry = z.infer<typeof hurrySchema>;

/** Reads a message; undefined when it is none of these. */
export function parseHurry(text: string): FetchHurry | undefined {
  try {
    return hurrySchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
