/** The gateway's bounds of one batch. */
const MOST_QUESTIONS = 100;
const MOST_CANDLES = 100_000;
/** Candles of a question that names no count. */
const DEFAULT_COUNT = 200;

/** Cuts a list of questions into batches that the gateway takes, in order. */
export function splitBatch<Entry extends { readonly question: { readonly count?: number } }>(
  entries: readonly Entry[],
): readonly (readonly Entry[])[] {
  const batches: Entry[][] = [];
  let candles = Infinity;
  for (const entry of entries) {
    const { count = DEFAULT_COUNT } = entry.question;
    const last = batches.at(-1);
    if (last !== undefined && last.length < MOST_QUESTIONS && candles + count <= MOST_CANDLES) {
      last.push(entry);
      candles += count;
    } else {
      batches.push([entry]);
      candles = count;
    }
  }
  return batches;
}
