import { InvalidValue } from '@candlekeep/market';

/** Where an entry stands in the stream of notes: its id, `<ms>-<number>`, taken apart. */
export interface NotePosition {
  readonly ms: number;
  /** Counts the entries since the stream was made, from 1. */
  readonly number: number;
}

/** Reads an id; `0` stands before every entry. Throws {@link InvalidValue} for any other text. */
export function parsePosition(id: string): NotePosition {
  const [, ms, number = 0] = /^(\d{1,20})(?:-(\d{1,20}))?$/.exec(id) ?? [];
  if (ms === undefined) {
    throw new InvalidValue(
      `"${id}" is no place in the stream of usage notes: expected an id such as 1767225600000-1, or 0 for its beginning`,
    );
  }
  return { ms: Number(ms), number: Number(number) };
}

/** The lowest id that an entry behind the position can have. */
export function idBehind({ ms, number }: NotePosition): string {
  return `${ms}-${number + 1}`;
}

export function isBefore(a: NotePosition, b: NotePosition): boolean {
  return a.ms < b.ms || (a.ms === b.ms && a.number < b.number);
}

/**
 * How many entries between the two are gone. 0 from the stream's beginning, which nobody had read before, and for a stream that was
 * made anew in between, of which that is not known.
 */
export function lostBetween(read: NotePosition, next: NotePosition): number {
  return read.number === 0 ? 0 : Math.max(0, next.number - read.number - 1);
}
