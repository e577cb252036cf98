import { z } from 'zod';
import { checkedNote, type UsageNote } from './usage-note';
import { parseQuestion } from './usage-question';

/** An entry of the stream as it is read. */
export interface NoteEntry {
  readonly note: UsageNote;
  /** Who wrote it. */
  readonly by: string;
  /** Its running number among what `by` wrote. */
  readonly no: number;
}

const fieldsOf = z.object({
  question: z.string().transform(parseQuestion),
  times: z.coerce.number(),
  at: z.coerce.number(),
  by: z.string().min(1),
  no: z.coerce.number().int().min(1),
});

/** Reads an entry's fields, names and values in turn, as `add-notes.lua` writes them; throws for anything else. */
export function parseEntry(fields: readonly string[]): NoteEntry {
  const pairs = fields.flatMap((name, i) => (i % 2 === 0 ? [[name, fields[i + 1]] as const] : []));
  const { question, times, at, by, no } = fieldsOf.parse(Object.fromEntries(pairs));
  return { note: checkedNote({ ...question, times, atMs: at }), by, no };
}
