const SHOWN_CHARACTERS = 60;

/** What zod hands to an error of our own. */
interface Refused {
  readonly input?: unknown;
  readonly code?: string | undefined;
  readonly keys?: readonly string[];
}

/** Says what would be right, and what stands there instead. */
export function expected(what: string): (refused: Refused) => string {
  return ({ input }) => `expected ${what}; ${shown(input)} is none`;
}

/** A given value as a message shows it: short, and never an object in full. */
export function shown(given: unknown): string {
  if (given === undefined) return 'nothing';
  const text = JSON.stringify(given);
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
}

/** `one of RSI, SMA, …`; for a slip of at most two letters `"RSII" is none; did you mean RSI?` is added. */
export function expectedOneOf(names: readonly string[], list = names.join(', ')) {
  return ({ input }: Refused): string => {
    const near = typeof input === 'string' ? nearestName(input, names) : undefined;
    return `expected one of ${list}; ${shown(input)} is none${near === undefined ? '' : `; did you mean ${near}?`}`;
  };
}

/** For an object that has other members than these, or is no object. */
export function onlyMembers(members: readonly string[]) {
  return (refused: Refused): string => {
    if (refused.code !== 'unrecognized_keys') return expected('a JSON object')(refused);
    const near = (refused.keys ?? []).flatMap((key) => nearestName(key, members) ?? []);
    const hint = near.length === 0 ? '' : `; did you mean ${near.join(', ')}?`;
    return `expected only ${members.join(', ')}${hint}`;
  };
}

/** The name that a slip of the pen turns into `given`: fewest letters changed, at most two, letter case apart. */
function nearestName(given: string, names: readonly string[]): string | undefined {
  const [nearest] = names
    .map((name) => ({ name, distance: distance(given.toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, distance: letters }) => letters <= Math.min(2, name.length / 3))
    .sort((a, b) => a.distance - b.distance);
  return nearest?.name;
}

/** Letters to be added, dropped or changed; texts longer than every name are simply far away. */
function distance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return Infinity;
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (const [i, letter] of Array.from(a).entries()) {
    const next = [i + 1];
    for (const [j, other] of Array.from(b).entries()) {
      const changed = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(changed, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? Infinity;
}
