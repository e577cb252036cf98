import { z } from 'zod';
import type { BlockOrder } from '../http/blocks';
import type { Disturbance } from './disturbance';

/** What a fault of some kind and with some options does. */
export type Effect =
  /** Spoils the answer of a call that the limit admits. */
  | { readonly kind: 'disturb'; readonly disturbance: Disturbance }
  /** Has the call refused as if it were over the limit. */
  | { readonly kind: 'refuse' }
  /** Blocks the caller's address from this call on. */
  | { readonly kind: 'block'; readonly order: BlockOrder }
  /** No matter of single calls: lasts from `begin` to `end`. */
  | { readonly kind: 'last'; readonly begin: () => void; readonly end: () => void };

/** A kind of fault, as the control API names it. */
export interface FaultKind {
  readonly kind: string;
  /** For the usage text: what happens, and the options with their defaults. */
  readonly about: string;
  /** Reads the options; throws a `ZodError` for unknown or wrong ones. */
  readonly effectOf: (options: unknown) => Effect;
}

/** What a kind is made of: `options` are its own, beside those that all faults have. */
interface Definition<Options extends z.ZodRawShape, Result> {
  readonly kind: string;
  readonly about: string;
  readonly options: Options;
  readonly make: (options: z.infer<z.ZodObject<Options, z.core.$strict>>) => Result;
}

/** Defines a kind with an effect of its own. */
export function faultKind<Options extends z.ZodRawShape>(
  definition: Definition<Options, Effect>,
): FaultKind {
  const schema = z.strictObject(definition.options);
  return {
    kind: definition.kind,
    about: definition.about,
    effectOf: (options) => definition.make(schema.parse(options)),
  };
}

/** Defines a kind that disturbs single answers. */
export function disturbingKind<Options extends z.ZodRawShape>(
  definition: Definition<Options, Disturbance>,
): FaultKind {
  return faultKind({
    ...definition,
    make: (options) => ({ kind: 'disturb', disturbance: definition.make(options) }),
  });
}
