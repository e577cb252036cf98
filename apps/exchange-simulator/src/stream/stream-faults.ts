import { isMarketCode } from '@candlekeep/market';
import { z } from 'zod';
import { findChannel } from './channel';

const oneIn = z.number().int().min(1).max(1_000_000);

/** Which frames a fault is about; without a member, all. */
const match = {
  codes: z.array(z.string().refine(isMarket, 'must be a market such as KRW-BTC')).min(1).optional(),
  types: z
    .array(z.string().refine(isStreamed, 'must be a type that is streamed, such as candle.1m'))
    .min(1)
    .optional(),
};

/** A wrong that the stream can do to all of its connections, as the control door receives it. */
export const streamFault = z.discriminatedUnion('kind', [
  /** Connections stay and pings are answered, but no frame about a market comes. */
  z.object({ kind: z.literal('stream-silent'), ...match }),
  /** Of each connection's frames, every `oneIn`th never comes. */
  z.object({ kind: z.literal('stream-drop'), oneIn, ...match }),
  /** Of each connection's frames, every `oneIn`th comes twice. */
  z.object({ kind: z.literal('stream-duplicate'), oneIn, ...match }),
  /** Of each connection's frames, every `oneIn`th comes only after the next `behind` others. */
  z.object({
    kind: z.literal('stream-reorder'),
    oneIn: oneIn.min(2),
    behind: z.number().int().min(1).max(1_000),
    ...match,
  }),
  /** Frames come `byMs` ms late, in their order. */
  z.object({ kind: z.literal('stream-late'), byMs: z.number().int().min(1).max(600_000) }),
  /** Nothing at all leaves any more, pongs and closes included, as when the peer is gone without a word. */
  z.object({ kind: z.literal('stream-half-open') }),
  /** Every connection is cut at once, without a close frame. New ones may come. */
  z.object({ kind: z.literal('stream-cut') }),
]);

export type StreamFault = z.infer<typeof streamFault>;
export type StreamFaultKind = StreamFault['kind'];

/** What a frame is about, as the stream names it. */
export interface FrameSubject {
  readonly type: string;
  readonly code: string;
}

/**
 * What is wrong with the stream at the moment. One fault per kind, the newest; different kinds add up. `UP` and error answers are
 * touched by `stream-half-open` only.
 */
export class StreamFaults {
  private readonly active = new Map<StreamFaultKind, StreamFault>();
  private readonly cutters = new Set<() => void>();

  /** Starts a fault and returns what ends it. A `stream-cut` happens at once and is over. */
  begin(fault: StreamFault): () => void {
    if (fault.kind === 'stream-cut') {
      for (const cut of this.cutters) cut();
      return () => undefined;
    }
    this.active.set(fault.kind, fault);
    return () => {
      if (this.active.get(fault.kind) === fault) this.active.delete(fault.kind);
    };
  }

  /** Ends the fault of this kind, if there is one. */
  end(kind: StreamFaultKind): void {
    this.active.delete(kind);
  }

  has(kind: StreamFaultKind): boolean {
    return this.active.has(kind);
  }

  /** The fault of this kind, if there is one and it is about such frames. */
  about<Kind extends StreamFaultKind>(
    kind: Kind,
    subject: FrameSubject,
  ): Extract<StreamFault, { kind: Kind }> | undefined {
    const fault = this.active.get(kind);
    return isOfKind(fault, kind) && fits(fault, subject) ? fault : undefined;
  }

  /** How late frames are, ms. */
  lateByMs(): number {
    const fault = this.active.get('stream-late');
    return isOfKind(fault, 'stream-late') ? fault.byMs : 0;
  }

  /** Registers what a cut does. */
  onCut(cut: () => void): void {
    this.cutters.add(cut);
  }
}

function isOfKind<Kind extends StreamFaultKind>(
  fault: StreamFault | undefined,
  kind: Kind,
): fault is Extract<StreamFault, { kind: Kind }> {
  return fault?.kind === kind;
}

function fits(fault: StreamFault, { type, code }: FrameSubject): boolean {
  if (!('codes' in fault || 'types' in fault)) return true;
  return (fault.codes?.includes(code) ?? true) && (fault.types?.includes(type) ?? true);
}

function isMarket(code: string): boolean {
  return isMarketCode(code);
}

function isStreamed(type: string): boolean {
  return findChannel(type) !== undefined;
}
