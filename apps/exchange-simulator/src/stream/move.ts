/** How a price moved: the name of its direction and its size without a sign. */
export interface Move {
  readonly name: 'RISE' | 'EVEN' | 'FALL';
  /** Decimal text with the digits of the change. */
  readonly size: string;
}

/** Takes a signed change, decimal text, apart. */
export function moveOf(change: string): Move {
  if (change.startsWith('-')) return { name: 'FALL', size: change.slice(1) };
  return { name: /[1-9]/.test(change) ? 'RISE' : 'EVEN', size: change };
}
