import { type MarketFrame, type SentFrame, type TrueMarket } from './true-market';

/** What happens on the way, in the order in which it arrives. */
export type Delivery =
  | { readonly kind: 'opened'; readonly atMs: number }
  | { readonly kind: 'lost'; readonly atMs: number }
  | { readonly kind: 'frame'; readonly atMs: number; readonly frame: MarketFrame }
  /** A frame of another market, which shows that the stream lives. */
  | { readonly kind: 'pulse'; readonly atMs: number; readonly sentMs: number };

/** What is done to the frames. Times are epoch ms. */
export interface Disturbance {
  /** How often each frame arrives, and how much later than it was sent. */
  readonly fates: (sent: SentFrame, index: number) => readonly number[];
  /** Nothing is connected from the first to the second instant. */
  readonly cuts: readonly (readonly [number, number])[];
  /** Nothing comes, but the connection stays, and what was sent meanwhile comes at the end. */
  readonly stalls: readonly (readonly [number, number])[];
}

export const UNDISTURBED: Disturbance = { fates: () => [5], cuts: [], stalls: [] };

const PULSE_MS = 300;
const DELAY_MS = 5;

/** All that arrives of a market from `startMs` until `untilMs`. */
export function deliveries(
  market: TrueMarket,
  [startMs, untilMs]: readonly [number, number],
  { fates, cuts, stalls }: Disturbance,
): Delivery[] {
  const isCut = (ms: number): boolean => cuts.some(([from, until]) => ms >= from && ms < until);
  const held = (ms: number): number =>
    stalls.find(([from, until]) => ms >= from && ms < until)?.[1] ?? ms;
  const frames = market.frames(untilMs).flatMap((sent, index) =>
    fates(sent, index).map((lateMs) => {
      return {
        kind: 'frame' as const,
        sentMs: sent.sentMs,
        atMs: held(sent.sentMs + lateMs),
        frame: sent.frame,
      };
    }),
  );
  const pulses = range(startMs, untilMs, PULSE_MS).map((sentMs) => {
    return { kind: 'pulse' as const, sentMs, atMs: held(sentMs + DELAY_MS) };
  });
  const told = [...frames, ...pulses].filter(
    ({ sentMs, atMs }) =>
      sentMs >= startMs && !isCut(sentMs) && !isCut(atMs) && !crosses(cuts, sentMs, atMs),
  );
  const opens = [startMs, ...cuts.map(([, until]) => until)];
  const openings = opens.flatMap((atMs): Delivery[] => [
    { kind: 'opened', atMs },
    ...market.snapshots(atMs).map((frame) => ({ kind: 'frame' as const, atMs, frame })),
  ]);
  const losses = cuts.map(([atMs]): Delivery => ({ kind: 'lost', atMs }));
  return [...losses, ...openings, ...told].sort((a, b) => a.atMs - b.atMs);
}

/** Whether a frame was under way while the connection broke. */
function crosses(cuts: Disturbance['cuts'], sentMs: number, atMs: number): boolean {
  return cuts.some(([from]) => sentMs < from && atMs >= from);
}

function range(fromMs: number, untilMs: number, stepMs: number): number[] {
  return Array.from(
    { length: Math.ceil((untilMs - fromMs) / stepMs) },
    (_, i) => fromMs + i * stepMs,
  );
}
