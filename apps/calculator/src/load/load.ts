import type { Clock } from '@candlekeep/clock';
import type { GatewayCandles } from '../gateway-candles';
import { planOf, type SeriesPlan, type Subject } from '../variables/plan';
import { readWindows } from '../variables/read-windows';
import { snapshotOf } from '../variables/snapshot';
import { type Figures, Tally } from './tally';

/** How much load is made, and for how long. */
export interface LoadPlan {
  readonly instances: number;
  readonly seconds: number;
  /** From one question of a calculator to its next, ms; at once when not given. */
  readonly everyMs?: number;
}

/** A run, as it was. */
export interface LoadRun extends Figures {
  readonly instances: number;
  /** From the first question to the last answer. */
  readonly tookMs: number;
  /** Candle questions in each request. */
  readonly questions: number;
}

/** What making load takes. */
export interface LoadParts {
  /** Opens a source of its own for a calculator, by its number: one for all would ask equal questions once. */
  readonly open: (instance: number) => GatewayCandles;
  readonly clock: Clock;
}

/** After a failure, for a calculator that would ask again at once, ms. */
const BREATH_MS = 100;

/**
 * Has many calculators ask for all their variables and compute them, again and again, until the time is over or `left` aborts. Rejects
 * when a first question, before the time begins, has no answer.
 */
export async function makeLoad(
  subject: Subject,
  plan: LoadPlan,
  { open, clock }: LoadParts,
  left: AbortSignal,
): Promise<LoadRun> {
  const sources = Array.from({ length: plan.instances }, (_, i) => open(i + 1));
  const [plans, tally] = [planOf(subject), new Tally()];
  try {
    const [first] = sources;
    if (first !== undefined) await readWindows(first, plans, left);
    const beganMs = clock.monotonicMs();
    const shift: Shift = {
      ...{ subject, plans, tally, clock, left, untilMs: beganMs + plan.seconds * 1_000 },
      ...(plan.everyMs === undefined ? {} : { everyMs: plan.everyMs }),
    };
    await Promise.all(sources.map((source) => askUntilOver(source, shift)));
    const tookMs = clock.monotonicMs() - beganMs;
    return { ...tally.figures(), instances: plan.instances, tookMs, questions: plans.length };
  } finally {
    for (const source of sources) source.close();
  }
}

/** What all calculators of a run share. */
interface Shift {
  readonly subject: Subject;
  readonly plans: readonly SeriesPlan[];
  readonly tally: Tally;
  readonly clock: Clock;
  readonly left: AbortSignal;
  /** On the monotonic clock. */
  readonly untilMs: number;
  readonly everyMs?: number;
}

/** Never rejects. Where calculators keep an interval each begins at a moment of its own within the first. */
async function askUntilOver(source: GatewayCandles, shift: Shift): Promise<void> {
  const { clock, everyMs, untilMs, left } = shift;
  const isOver = (): boolean => left.aborted || clock.monotonicMs() >= untilMs;
  let nextMs = clock.monotonicMs() + clock.random() * (everyMs ?? 0);
  for (;;) {
    await restUntil(Math.min(nextMs, untilMs), shift);
    if (isOver()) return;
    const isAnswered = await askOnce(source, shift);
    nextMs = everyMs === undefined ? clock.monotonicMs() : nextMs + everyMs;
    if (!isAnswered) nextMs = Math.max(nextMs, clock.monotonicMs() + BREATH_MS);
  }
}

async function askOnce(
  source: GatewayCandles,
  { subject, plans, tally, clock, left }: Shift,
): Promise<boolean> {
  const askedMs = clock.monotonicMs();
  try {
    const planned = await readWindows(source, plans, left);
    tally.answered(
      clock.monotonicMs() - askedMs,
      planned.map(({ window }) => window.source),
    );
    snapshotOf(subject, planned);
    return true;
  } catch (error) {
    if (!left.aborted) tally.failed(error);
    return false;
  }
}

async function restUntil(instantMs: number, { clock, left }: Shift): Promise<void> {
  const ms = instantMs - clock.monotonicMs();
  if (ms > 0) await clock.sleep(ms, left).catch(() => undefined);
}
