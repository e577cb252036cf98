import type { Clock } from '@candlekeep/clock';
import { type Logger, background } from '@candlekeep/telemetry';
import type { Quota } from './quota';
import type { Draw } from './row-counters';

export interface AllowanceParts {
  readonly keyId: string;
  readonly quota: Quota;
  readonly counters: {
    draw(keyId: string, rows: number): Promise<Draw>;
    settle(keyId: string, rows: number): Promise<void>;
  };
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly log: Logger;
}

/** Whether a request may be answered. */
export type Admission =
  { readonly kind: 'granted' } | { readonly kind: 'spent'; readonly retryAfterMs: number };

/** What is left of one window of a quota. */
export interface Standing {
  readonly window: keyof Quota;
  readonly rows: number;
  /** Until the window begins anew; 0 where it has not begun. */
  readonly resetSeconds: number;
}

const GRANTED: Admission = { kind: 'granted' };
/** An allotment is so small a part of the minute that what gateways hold unspent does not matter. */
const ALLOTMENTS_PER_MINUTE = 200;
const MOST_MINUTES_AT_ONCE = 60;

/**
 * What one key may still be answered by this process: rows are drawn from the shared counters by the allotment and spent in memory, so a
 * request waits for Redis only when an allotment has run out before the next one came.
 */
export class Allowance {
  private readonly allotment: number;
  /** Drawn and not spent; below 0 what was answered beyond. */
  private rows = 0;
  private drawing: Promise<Admission> | undefined;
  /** What was said last of the window that matters most. */
  private window: keyof Quota = 'sustained';
  private spentUntilMs = -Infinity;
  private remaining: number;
  private resetAtMs = -Infinity;

  constructor(private readonly parts: AllowanceParts) {
    const { rows } = parts.quota.sustained;
    this.allotment = Math.ceil(rows / ALLOTMENTS_PER_MINUTE);
    this.remaining = rows;
  }

  /** Takes one row for the request itself. At once, unless an allotment has to be drawn first. */
  admit(): Admission | Promise<Admission> {
    if (this.rows < 1) return this.admitLater();
    this.rows -= 1;
    if (this.rows * 2 < this.allotment) this.drawEarly();
    return GRANTED;
  }

  /** Pays for an answer of so many rows; the first is paid for. */
  pay(rows: number): void {
    if (rows > 1) this.rows -= rows - 1;
  }

  /** Pays for rows that are told unasked. Never waits: what is drawn next comes meanwhile. */
  payTold(rows: number): void {
    this.rows -= rows;
    if (this.rows * 2 < this.allotment) this.drawAhead();
  }

  /** Whether rows may be told unasked: there are some, or nobody has said yet that there are none. */
  mayTell(): boolean {
    if (this.rows > 0) return true;
    if (this.drawing !== undefined || this.isClosed) return false;
    // What was answered before is settled first; it may be told how that stands at the next question.
    if (this.rows < 0) this.drawAhead();
    return this.rows === 0;
  }

  /** Rows of the longest answer that may be asked for: a longer one would keep its key away for more than an hour. */
  get mostAtOnce(): number {
    return this.parts.quota.sustained.rows * MOST_MINUTES_AT_ONCE;
  }

  /** What is left as far as is known here, and when that window begins anew. */
  standing(): Standing {
    const leftMs = this.resetAtMs - this.parts.clock.monotonicMs();
    if (leftMs <= 0) {
      return { window: 'sustained', rows: this.parts.quota.sustained.rows, resetSeconds: 0 };
    }
    const rows = Math.max(0, this.remaining + this.rows);
    return { window: this.window, rows, resetSeconds: Math.ceil(leftMs / 1_000) };
  }

  private async admitLater(): Promise<Admission> {
    for (;;) {
      const admission = await this.draw();
      if (admission.kind === 'spent') return admission;
      // Others who waited for the same allotment may have used it up.
      if (this.rows < 1) continue;
      this.rows -= 1;
      return GRANTED;
    }
  }

  /** While the last allotment is spent the next one comes. */
  private drawEarly(): void {
    if (this.allotment >= 2) this.drawAhead();
  }

  private drawAhead(): void {
    if (this.drawing !== undefined || this.isClosed) return;
    background(this.parts.log, 'drawing rows of a quota', this.draw());
  }

  /** The counters have said that there is nothing until later. */
  private get isClosed(): boolean {
    return this.parts.clock.monotonicMs() < this.spentUntilMs;
  }

  /** One draw at a time; all who need it wait for the same. */
  private draw(): Promise<Admission> {
    return (this.drawing ??= this.drawOnce().finally(() => {
      this.drawing = undefined;
    }));
  }

  private async drawOnce(): Promise<Admission> {
    const { keyId, counters, clock } = this.parts;
    const waitMs = this.spentUntilMs - clock.monotonicMs();
    if (waitMs > 0) return { kind: 'spent', retryAfterMs: waitMs };
    const debt = -this.rows;
    if (debt > 0) {
      await counters.settle(keyId, debt);
      this.rows += debt;
    }
    return this.note(await counters.draw(keyId, this.allotment));
  }

  private note(draw: Draw): Admission {
    const nowMs = this.parts.clock.monotonicMs();
    if (draw.kind === 'spent') {
      const { window, retryAfterMs } = draw;
      this.window = window;
      this.remaining = 0;
      this.spentUntilMs = this.resetAtMs = nowMs + retryAfterMs;
      return { kind: 'spent', retryAfterMs };
    }
    this.rows += this.allotment;
    this.window = 'sustained';
    this.remaining = draw.remaining;
    this.resetAtMs = nowMs + draw.resetMs;
    return GRANTED;
  }
}
