import type { Clock } from '@candlekeep/clock';
import type { Closable } from '@candlekeep/lifecycle';
import { ServerClock } from '@candlekeep/redis';

/** A monotonic clock that is one in a thousand off is 5 ms late by then. */
const READ_EVERY_MS = 5_000;

/**
 * The queue server's clock, by which usage is dated, for whoever cannot wait for it: read in the background, carried on by the
 * process' own meanwhile and while the server is away. Before the first reading it is the process' own wall clock.
 */
export class QueueTime implements Closable {
  private readonly server: ServerClock;
  private readonly stopReading: () => void;
  private isReading = false;

  /** @param readNow asks the queue server for its time, epoch ms; may fail */
  constructor(
    readNow: () => Promise<number>,
    private readonly clock: Clock,
  ) {
    this.server = new ServerClock(readNow, clock);
    this.stopReading = clock.every(READ_EVERY_MS, () => {
      this.read();
    });
    this.read();
  }

  /** Epoch ms. Waits for nothing, never throws. */
  nowMs(): number {
    return Math.floor(this.server.at(this.clock.monotonicMs()) ?? this.clock.nowMs());
  }

  close(): Promise<void> {
    this.stopReading();
    return Promise.resolve();
  }

  /** One at a time. That the server is away is said by those who need it; here the next reading does. */
  private read(): void {
    if (this.isReading) return;
    this.isReading = true;
    const over = (): void => {
      this.isReading = false;
    };
    this.server.update().then(over, over);
  }
}
