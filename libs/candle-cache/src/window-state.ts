import { z } from 'zod';

/** Which state of a window was measured. */
export interface WindowState {
  /** Another one for each time that the window started anew. */
  readonly generation: string;
  /** Rises with every change of one generation. */
  readonly version: number;
  /** Measured memory of both keys. */
  readonly bytes: number;
}

/** A measured window, with what is told to people. */
export interface WindowMeasure extends WindowState {
  readonly rows: number;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

/** What came of a put, see put-page.lua. */
export type PutOutcome =
  | { readonly kind: 'measured'; readonly state: WindowState }
  /** Nothing changed, or only the head was replaced. */
  | { readonly kind: 'unmeasured' }
  /** A writer with a larger token was here; nothing changed. */
  | { readonly kind: 'deposed'; readonly seenToken: number };

const refusal = z.tuple([z.coerce.number()]);
const state = z.tuple([z.string(), z.coerce.number(), z.coerce.number()]);
const measure = z.tuple([
  ...state.def.items,
  z.coerce.number(),
  z.coerce.number(),
  z.coerce.number(),
]);

/** Reads the reply of put-page.lua. */
export function parsePut(reply: unknown): PutOutcome {
  if (reply === null) return { kind: 'unmeasured' };
  const refused = refusal.safeParse(reply);
  if (refused.success) return { kind: 'deposed', seenToken: refused.data[0] };
  const [generation, version, bytes] = state.parse(reply);
  return { kind: 'measured', state: { generation, version, bytes } };
}

/** Reads the reply of measure-window.lua: undefined when there is no window. */
export function parseMeasure(reply: unknown): WindowMeasure | undefined {
  if (reply === null) return undefined;
  const [generation, version, bytes, rows, createdAtMs, updatedAtMs] = measure.parse(reply);
  return { generation, version, bytes, rows, createdAtMs, updatedAtMs };
}
