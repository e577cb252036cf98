import { z } from 'zod';
import type { Effect, FaultKind } from './fault-kind';

/** When and whom a fault strikes: the same for all kinds. */
const terms = z.object({
  /** Which calls; without a member, all. */
  match: z
    .strictObject({
      group: z.string().optional(),
      /** The beginning of the path. */
      path: z.string().startsWith('/').optional(),
      market: z.string().optional(),
    })
    .default({}),
  /** How many calls are struck; unlimited when absent. */
  times: z.number().int().min(1).optional(),
  /** Share of the matching calls that are struck; all when absent. */
  probability: z.number().min(0).max(1).optional(),
  /** Decides which ones; equal seeds strike equally. */
  seed: z.string().default('fault'),
  /** For how long, ms; until it is ended when absent. */
  forMs: z.number().int().min(1).max(86_400_000).optional(),
});

export type FaultTerms = z.infer<typeof terms>;

/** A fault that the control API accepts. */
export interface FaultRequest {
  readonly terms: FaultTerms;
  readonly effect: Effect;
  /** The request as it was given. */
  readonly asked: Readonly<Record<string, unknown>>;
}

const CALL_TERMS = ['match', 'times', 'probability', 'seed'];

/** Reads a request for a fault of one of these kinds. Throws a `ZodError` that names what is wrong with it. */
export function readFaultRequest(body: unknown, kinds: readonly FaultKind[]): FaultRequest {
  const names = kinds.map(({ kind }) => kind);
  const asked = z.looseObject({ kind: z.enum(names) }).parse(body);
  const kind = kinds.find((known) => known.kind === asked.kind);
  if (kind === undefined) throw new RangeError(`no kind of fault is called ${asked.kind}`);
  const own = Object.entries(asked).filter(([name]) => name !== 'kind' && !(name in terms.shape));
  const effect = kind.effectOf(Object.fromEntries(own));
  if (effect.kind === 'last') refuseCallTerms(asked);
  return { terms: terms.parse(asked), effect, asked };
}

/** A fault that is no matter of single calls can choose none. */
function refuseCallTerms(asked: Readonly<Record<string, unknown>>): void {
  const unfit = CALL_TERMS.filter((name) => name in asked);
  if (unfit.length === 0) return;
  const message = `a fault of kind ${String(asked.kind)} lasts and strikes no single calls; it knows forMs only`;
  throw new z.ZodError([{ code: 'custom', path: [unfit[0] ?? ''], message, input: asked }]);
}
