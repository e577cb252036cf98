import type { BookEntry, WindowBook } from './window-book';
import type { WindowNote } from './window-note';
import type { WindowMeasure } from './window-state';

/** Windows measured in one go. */
const BATCH = 100;

/**
 * Looks at every window there is and every one that the ledger believes in, and has `tell` write down what it finds. Heals what
 * crashes, evictions and lost keys have left: windows that the ledger does not know, and entries without a window.
 */
export async function auditWindows(
  book: WindowBook,
  tell: (notes: readonly WindowNote[]) => Promise<void>,
): Promise<void> {
  const entries = new Map((await book.entries()).map((entry) => [entry.series, entry]));
  const names = new Set(entries.keys());
  for await (const found of book.scan()) found.forEach((series) => names.add(series));
  for (const batch of batchesOf([...names])) {
    const measures = await book.measure(batch);
    await tell(
      batch.flatMap((series, index) => noteOf(series, measures[index], entries.get(series))),
    );
  }
  await tell([{ kind: 'audited' }]);
}

/** An absent window is gone only as the generation that the ledger knew before it was looked for: another may be there by now. */
function noteOf(
  series: string,
  state: WindowMeasure | undefined,
  entry: BookEntry | undefined,
): readonly WindowNote[] {
  if (state !== undefined) {
    return [{ kind: 'found', series, state, usedAtUs: state.updatedAtMs * 1_000 }];
  }
  return entry === undefined ? [] : [{ kind: 'gone', series, generation: entry.generation }];
}

function batchesOf(names: readonly string[]): readonly (readonly string[])[] {
  const count = Math.ceil(names.length / BATCH);
  return Array.from({ length: count }, (_, index) =>
    names.slice(index * BATCH, (index + 1) * BATCH),
  );
}
