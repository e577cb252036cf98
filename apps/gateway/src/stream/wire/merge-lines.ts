import type { Terms } from '../topics/topic';
import type { StreamedType, SubscriptionLine } from './stream-request';

/** One type of one code, each pair once. */
export type MergedLines = readonly {
  readonly type: StreamedType;
  readonly code: string;
  readonly terms: Terms;
}[];

/** The lines of a subscription taken together, in the order in which they name things: what two lines want of one thing is wanted once. */
export function mergeLines(lines: readonly SubscriptionLine[]): MergedLines {
  const merged = new Map<string, MergedLines[number]>();
  for (const { type, codes, isOnlySnapshot, isOnlyRealtime } of lines) {
    // Who asks for the snapshot alone and for what follows alone gets the snapshot, as of two who each get theirs.
    const terms = { snapshot: !isOnlyRealtime || isOnlySnapshot, realtime: !isOnlySnapshot };
    for (const code of codes) {
      const name = `${type.name} ${code}`;
      const known = merged.get(name)?.terms;
      merged.set(name, { type, code, terms: known === undefined ? terms : either(known, terms) });
    }
  }
  return [...merged.values()];
}

function either(a: Terms, b: Terms): Terms {
  return { snapshot: a.snapshot || b.snapshot, realtime: a.realtime || b.realtime };
}
