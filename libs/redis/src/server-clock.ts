import type { Clock } from '@candlekeep/clock';

/** What a reading may take, ms: a slower one is off by as much, and is left aside while there is a young one. */
const QUICK_MS = 200;
const YOUNG_MS = 30_000;
const READ_EVERY_MS = 1_000;

interface Reading {
  readonly nowMs: number;
  readonly monotonicMs: number;
}

/** A server's clock, carried on by this process' monotonic one from its last reading: early by at most a reply's way, never late. */
export class ServerClock {
  private reading: Reading | undefined;
  private dueMs = 0;

  /** @param readNow asks the server for its time, epoch ms */
  constructor(
    private readonly readNow: () => Promise<number>,
    private readonly clock: Clock,
  ) {}

  /** Reads the server's clock when the last reading is a second old. Rejects with what `readNow` rejects with. */
  async update(): Promise<void> {
    const askedMs = this.clock.monotonicMs();
    if (askedMs < this.dueMs) return;
    this.dueMs = askedMs + READ_EVERY_MS;
    const nowMs = await this.readNow();
    const monotonicMs = this.clock.monotonicMs();
    const isYoung = this.reading !== undefined && askedMs - this.reading.monotonicMs < YOUNG_MS;
    if (monotonicMs - askedMs <= QUICK_MS || !isYoung) this.reading = { nowMs, monotonicMs };
  }

  /** The server's time at an instant of the monotonic clock, epoch ms; undefined before the first reading. */
  at(monotonicMs: number): number | undefined {
    return this.reading && this.reading.nowMs + monotonicMs - this.reading.monotonicMs;
  }
}
