import type { Clock } from '@candlekeep/clock';
import type { LogFields, Logger } from '@candlekeep/telemetry';

const SAY_EVERY_MS = 60_000;

/**
 * Fetches that no worker came to in time: a line for the first one, then at most one a minute, with how many there were. A
 * worker that is behind drops thousands, and each caller is told of its own anyway.
 */
export class DroppedFetches {
  private untold = 0;
  private stopSaying: (() => void) | undefined;

  constructor(private readonly parts: { readonly clock: Clock; readonly log: Logger }) {}

  /** One more was dropped. */
  add(id: string): void {
    this.untold += 1;
    if (this.stopSaying !== undefined) return;
    this.say({ first: id });
    this.stopSaying = this.parts.clock.every(SAY_EVERY_MS, () => {
      if (this.untold > 0) this.say();
      else this.rest();
    });
  }

  /** Says how many were not told of yet. */
  close(): void {
    this.rest();
    if (this.untold > 0) this.say();
  }

  private rest(): void {
    this.stopSaying?.();
    this.stopSaying = undefined;
  }

  private say(fields: LogFields = {}): void {
    this.parts.log.warn(
      'fetches were dropped, because their deadline had passed before this worker came to them: more wait than the workers and the exchange can serve in time',
      { dropped: this.untold, ...fields },
    );
    this.untold = 0;
  }
}
