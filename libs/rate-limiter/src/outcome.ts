import { z } from 'zod';
import { DENIAL_REASONS, type DenialReason } from './permit';

/** What a taker is told. `serverMs` is the server's time at that moment, epoch ms. */
export type Outcome = { readonly ms: number; readonly serverMs: number } &
  /** Send after `ms`. */
  (
    | { readonly kind: 'granted' }
    /** `waiting`: ask again after `ms`. `denied`: nothing before `ms`, which is too late. */
    | { readonly kind: 'waiting' | 'denied'; readonly reason: DenialReason }
  );

/** Milliseconds as scripts print them, fractions and all. */
export const milliseconds = z
  .string()
  .regex(/^\d+(\.\d+)?$/)
  .transform(Number);

const reply = z.union([
  z.tuple([milliseconds, z.literal('granted'), milliseconds, z.string()]),
  z.tuple([milliseconds, z.enum(['waiting', 'denied']), milliseconds, z.enum(DENIAL_REASONS)]),
]);

/** Reads the reply of `take.lua`; throws when it has another shape. */
export function parseOutcome(raw: unknown): Outcome {
  const [serverMs, kind, ms, reason] = reply.parse(raw);
  return kind === 'granted' ? { kind, ms, serverMs } : { kind, ms, serverMs, reason };
}
