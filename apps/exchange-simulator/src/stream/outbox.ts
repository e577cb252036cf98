import type { FrameSubject, StreamFaults } from './stream-faults';

/** A frame in its connection's format. */
export interface OutgoingFrame extends FrameSubject {
  readonly bytes: Buffer;
}

interface LateFrame {
  readonly bytes: Buffer;
  readonly dueMs: number;
}

interface OvertakenFrame {
  readonly copies: readonly Buffer[];
  /** How many others still go before it. */
  behind: number;
}

type CountingKind = 'stream-drop' | 'stream-duplicate' | 'stream-reorder';

/** The way of one connection's frames to its socket, where the stream's faults strike. Keeps their order, unless that is the fault. */
export class Outbox {
  /** How many frames each kind of fault was about so far. */
  private readonly counts = new Map<CountingKind, number>();
  private late: LateFrame[] = [];
  private overtaken: OvertakenFrame[] = [];

  constructor(
    private readonly faults: StreamFaults,
    private readonly transmit: (bytes: Buffer) => void,
  ) {}

  /** Takes a frame at `nowMs`, on a clock that never goes back. */
  put(frame: OutgoingFrame, nowMs: number): void {
    if (this.faults.about('stream-silent', frame)) return;
    if (this.strikes('stream-drop', frame)) return;
    const isTwice = this.strikes('stream-duplicate', frame);
    const copies = isTwice ? [frame.bytes, frame.bytes] : [frame.bytes];
    const reorder = this.faults.about('stream-reorder', frame);
    if (reorder !== undefined && this.strikes('stream-reorder', frame)) {
      this.overtaken.push({ copies, behind: reorder.behind });
      return;
    }
    for (const bytes of copies) this.pass(bytes, nowMs);
    if (reorder !== undefined) this.letPass(1, nowMs);
  }

  /** Transmits the late frames that are due; and those that were overtaken, when that fault has ended. */
  release(nowMs: number): void {
    if (!this.faults.has('stream-reorder')) this.letPass(Infinity, nowMs);
    const due = this.late.filter(({ dueMs }) => dueMs <= nowMs);
    this.late = this.late.slice(due.length);
    for (const { bytes } of due) this.transmit(bytes);
  }

  /** Whether the fault of this kind strikes the frame: every `oneIn`th that it is about. */
  private strikes(kind: CountingKind, frame: FrameSubject): boolean {
    const fault = this.faults.about(kind, frame);
    if (fault === undefined) return false;
    const count = (this.counts.get(kind) ?? 0) + 1;
    this.counts.set(kind, count);
    return count % fault.oneIn === 0;
  }

  /** So many others have gone before the overtaken frames; those that waited for no more go now. */
  private letPass(others: number, nowMs: number): void {
    for (const frame of this.overtaken) frame.behind -= others;
    const free = this.overtaken.filter(({ behind }) => behind <= 0);
    this.overtaken = this.overtaken.filter(({ behind }) => behind > 0);
    for (const bytes of free.flatMap(({ copies }) => copies)) this.pass(bytes, nowMs);
  }

  /** Behind a frame that is still to come nothing overtakes, even when the fault has ended or has become shorter. */
  private pass(bytes: Buffer, nowMs: number): void {
    const lateByMs = this.faults.lateByMs();
    const last = this.late.at(-1);
    if (lateByMs === 0 && last === undefined) this.transmit(bytes);
    else this.late.push({ bytes, dueMs: Math.max(nowMs + lateByMs, last?.dueMs ?? 0) });
  }
}
