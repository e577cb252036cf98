import type { Clock } from '@candlekeep/clock';
import type { PreloadRun, RunBook } from '@candlekeep/preloader';
import { background, type Logger } from '@candlekeep/telemetry';
import { ServiceUnavailableException } from '@nestjs/common';
import { FREE_PASS, type StreamPass } from '../access/stream-passes';
import { REVOKED_EVENT } from '../stream/events/event-text';
import { eventText, type EventWire } from '../stream/events/event-wire';
import { runBody } from './preload-body';

export interface RunEventsParts {
  readonly runs: Pick<RunBook, 'find'>;
  readonly clock: Clock;
  readonly log: Logger;
}

interface Follower {
  readonly wire: EventWire;
  readonly pass: StreamPass;
  /** What it was told last. */
  told: string;
}

const EVERY_MS = 500;
const MOST_FOLLOWERS = 200;
/** A client that takes nothing is told no more. */
const MOST_UNSENT_BYTES = 64 * 1_024;

/** Tells clients how far preload runs are: `progress` events, then one `end`. Runs are looked up once for all who follow them. */
export class RunEvents {
  private readonly followers = new Map<string, Set<Follower>>();
  private readonly stopLooking: () => void;
  private isLooking = false;

  /** Begins to look here and not at the first follower, so that what it logs bears no request's id. */
  constructor(private readonly parts: RunEventsParts) {
    const { clock, log } = parts;
    this.stopLooking = clock.every(EVERY_MS, () => {
      background(log, 'looking at preload runs', this.look());
    });
  }

  /** Tells of a run until it has ended; returns the way to end that when the client has gone. */
  follow(run: PreloadRun, wire: EventWire, pass = FREE_PASS): () => void {
    const follower = { wire, pass, told: '' };
    const own = this.followers.get(run.id) ?? new Set<Follower>();
    this.followers.set(run.id, own.add(follower));
    this.tell(run);
    return () => {
      own.delete(follower);
      if (own.size === 0) this.followers.delete(run.id);
      pass.end();
    };
  }

  /** Throws 503 when so many follow runs that one more is too much. */
  requireRoom(): void {
    const count = [...this.followers.values()].reduce((sum, { size }) => sum + size, 0);
    if (count < MOST_FOLLOWERS) return;
    throw new ServiceUnavailableException(
      `${count} clients follow preload runs already: ask GET /api/preloads/{id} instead.`,
    );
  }

  close(): Promise<void> {
    this.stopLooking();
    for (const own of this.followers.values()) for (const { wire } of own) wire.end(false);
    this.followers.clear();
    return Promise.resolve();
  }

  private async look(): Promise<void> {
    this.endRevoked();
    if (this.isLooking) return;
    this.isLooking = true;
    try {
      for (const id of [...this.followers.keys()]) {
        const run = await this.parts.runs.find(id);
        if (run !== undefined) this.tell(run);
      }
    } finally {
      this.isLooking = false;
    }
  }

  private endRevoked(): void {
    for (const own of this.followers.values()) {
      for (const follower of own) {
        if (follower.pass.isValid()) continue;
        own.delete(follower);
        follower.wire.write(`${REVOKED_EVENT}\n`);
        follower.wire.end(follower.wire.unsentBytes > MOST_UNSENT_BYTES);
      }
    }
  }

  private tell(run: PreloadRun): void {
    const own = this.followers.get(run.id) ?? new Set();
    const isOver = run.state !== 'running';
    const text = `${eventText(isOver ? 'end' : 'progress', runBody(run))}\n`;
    for (const follower of own) {
      const { wire, told } = follower;
      if (told !== text && wire.unsentBytes < MOST_UNSENT_BYTES) {
        wire.write(text);
        follower.told = text;
      }
      if (isOver) wire.end(false);
    }
    if (isOver) this.followers.delete(run.id);
  }
}
