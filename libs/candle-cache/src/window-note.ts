import { z } from 'zod';
import type { WindowState } from './window-state';

/** One thing to tell the ledger, see account-windows.lua. Series are given by name, instants in epoch µs. */
export type WindowNote =
  | WroteNote
  | {
      readonly kind: 'found';
      readonly series: string;
      readonly state: WindowState;
      /** Counts if the window was unknown. */
      readonly usedAtUs: number;
    }
  | ReadNote
  /** The window that the ledger knows as this generation is no more. */
  | { readonly kind: 'gone'; readonly series: string; readonly generation: string }
  | { readonly kind: 'audited' };

export interface WroteNote {
  readonly kind: 'wrote';
  readonly series: string;
  readonly state: WindowState;
}

export interface ReadNote {
  readonly kind: 'read';
  readonly series: string;
  readonly hits: number;
  readonly usedAtUs: number;
}

/** The six fields of a note in the script's arguments. */
export function fieldsOf(note: WindowNote): readonly (string | number)[] {
  switch (note.kind) {
    case 'wrote':
      return [note.kind, note.series, ...fieldsOfState(note.state), ''];
    case 'found':
      return [note.kind, note.series, ...fieldsOfState(note.state), note.usedAtUs];
    case 'read':
      return [note.kind, note.series, note.hits, '', '', note.usedAtUs];
    case 'gone':
      return [note.kind, note.series, note.generation, '', '', ''];
    case 'audited':
      return [note.kind, '', '', '', '', ''];
  }
}

function fieldsOfState({ generation, version, bytes }: WindowState): readonly (string | number)[] {
  return [generation, version, bytes];
}

/** A window of one generation. */
export interface KnownWindow {
  readonly series: string;
  readonly generation: string;
}

/** What the ledger asks for in return. */
export interface Accounted {
  readonly isAuditDue: boolean;
  /** Series that were read and that the ledger does not know. */
  readonly unknown: readonly string[];
  /** To be dropped and reported gone. */
  readonly victims: readonly KnownWindow[];
}

const accounted = z.tuple([z.number(), z.array(z.string()), z.array(z.string())]);

/** Reads the reply of account-windows.lua. */
export function parseAccounted(reply: unknown): Accounted {
  const [auditDue, unknown, victims] = accounted.parse(reply);
  return { isAuditDue: auditDue === 1, unknown, victims: pairsOf(victims) };
}

function pairsOf(texts: readonly string[]): readonly KnownWindow[] {
  return texts.flatMap((series, index) =>
    index % 2 === 0 ? [{ series, generation: texts[index + 1] ?? '' }] : [],
  );
}
