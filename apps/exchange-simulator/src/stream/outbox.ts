import type { StreamFaults } from './stream-faults';

interface LateFrame {
  readonly bytes: Buffer;
  readonly dueMs: number;
}

/** The way of one connection's frames to its socket, where the stream's faults strike. Keeps their order. */
export class Outbox {
  private frames = 0;
  private late: LateFrame[] = [];

  constructor(
    private readonly faults: StreamFaults,
    private readonly transmit: (bytes: Buffer) => void,
  ) {}

  /** Takes a frame at `nowMs`, on a clock that never goes back. */
  put(bytes: Buffer, nowMs: number): void {
    if (this.faults.has('stream-silent')) return;
    this.frames += 1;
    if (this.faults.strikes('stream-drop', this.frames)) return;
    this.pass(bytes, nowMs);
    if (this.faults.strikes('stream-duplicate', this.frames)) this.pass(bytes, nowMs);
  }

  /** Transmits the late frames that are due. */
  release(nowMs: number): void {
    const due = this.late.filter(({ dueMs }) => dueMs <= nowMs);
    this.late = this.late.slice(due.length);
    for (const { bytes } of due) this.transmit(bytes);
  }

  /** Behind a frame that is still to come nothing overtakes, even when the fault has ended or has become shorter. */
  private pass(bytes: Buffer, nowMs: number): void {
    const lateByMs = this.faults.lateByMs();
    const last = this.late.at(-1);
    if (lateByMs === 0 && last === undefined) this.transmit(bytes);
    else this.late.push({ bytes, dueMs: Math.max(nowMs + lateByMs, last?.dueMs ?? 0) });
  }
}
