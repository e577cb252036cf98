import { z } from 'zod';

const oneIn = z.number().int().min(1).max(1_000_000);

/** A wrong that the stream can do to all of its connections, as the control door receives it. */
export const streamFault = z.discriminatedUnion('kind', [
  /** Connections stay and pings are answered, but no frame about a market comes. */
  z.object({ kind: z.literal('stream-silent') }),
  /** Of each connection's frames, every `oneIn`th never comes. */
  z.object({ kind: z.literal('stream-drop'), oneIn }),
  /** Of each connection's frames, every `oneIn`th comes twice. */
  z.object({ kind: z.literal('stream-duplicate'), oneIn }),
  /** Frames come `byMs` ms late, in their order. */
  z.object({ kind: z.literal('stream-late'), byMs: z.number().int().min(1).max(600_000) }),
  /** Nothing at all leaves any more, pongs and closes included, as when the peer is gone without a word. */
  z.object({ kind: z.literal('stream-half-open') }),
  /** Every connection is cut at once, without a close frame. New ones may come. */
  z.object({ kind: z.literal('stream-cut') }),
]);

export type StreamFault = z.infer<typeof streamFault>;
export type StreamFaultKind = StreamFault['kind'];

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

  /** Whether the fault of this kind strikes the frame with this running number, counted from 1. */
  strikes(kind: 'stream-drop' | 'stream-duplicate', frameNumber: number): boolean {
    const fault = this.active.get(kind);
    return fault !== undefined && 'oneIn' in fault && frameNumber % fault.oneIn === 0;
  }

  /** How late frames are, ms. */
  lateByMs(): number {
    const fault = this.active.get('stream-late');
    return fault?.kind === 'stream-late' ? fault.byMs : 0;
  }

  /** Registers what a cut does. */
  onCut(cut: () => void): void {
    this.cutters.add(cut);
  }
}
