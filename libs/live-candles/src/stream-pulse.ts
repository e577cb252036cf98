import type { StreamFrame } from '@candlekeep/exchange-client';
import { SlidingMinimum } from './sliding-minimum';

/** A stream without any evidence for longer than this is silent, one whose frames are later than this lags; ms. */
const MOST_SILENT_MS = 2_000;
const MOST_LAG_MS = 2_000;
/** A step of the cache's clock against ours by more than this means that it was set, ms. */
const CLOCK_STEP_MS = 500;
/** A send time that far ahead of our clock is no send time, ms. */
const MOST_AHEAD_MS = 10_000;
/** In a public capture of 2021-04-05 no frame came more than 428 ms behind one that was sent later. More is lag, not disorder; ms. */
const MOST_DISORDER_MS = 500;
/** Of frames that were sent in the same ms, one may still be on its way when another is heard, ms. */
const SAME_INSTANT_MS = 1;
/** A frame that is too late among punctual ones is a straggler of its market; without one for this long the stream is late, ms. */
const STRAGGLER_WITHIN_MS = 1_000;

/** How the stream stands. `ageMs` is the time since the last evidence, or since the connection came or went; `lagMs` is how late the last dated evidence was. */
export interface PulseState {
  readonly kind: 'away' | 'silent' | 'lagging' | 'steady';
  readonly ageMs?: number;
  readonly lagMs: number;
}

interface Arrival {
  readonly atMonotonicMs: number;
  /** The cache server's clock at arrival, epoch ms. */
  readonly nowMs: number;
  /** When the exchange sent it, epoch ms: see {@link sentMsOf}. */
  readonly sentMs?: number;
}

interface Dated {
  readonly sentMs: number;
  /** By the cache server's clock. */
  readonly ageMs: number;
  readonly atMonotonicMs: number;
}

/** When the exchange sent a frame. A snapshot may repeat what was sent long ago, and a candle says when a trade was stored: neither tells. */
export function sentMsOf(frame: StreamFrame): number | undefined {
  return frame.kind === 'candle' || frame.isSnapshot ? undefined : frame.sentAtMs;
}

/**
 * Knows as of when a stream has told everything: from dated evidence alone, never from time that passes. How late a frame is follows from
 * two baselines of the last ten minutes: its age by the cache server's clock (a clock of ours that is ahead counts as lag, which is
 * safe; one that is behind must not hide any), and the fastest way that a frame had by our steady clock. Frames of
 * several markets are not sent in order: what came that far behind may still be on its way.
 */
export class StreamPulse {
  private isOpen = false;
  private lastAtMs: number | undefined;
  private lagMs = 0;
  private sinceMs: number | undefined;
  private toldAtMs = -Infinity;
  /** Age by the cache server's clock, ms. */
  private readonly ages = new SlidingMinimum();
  /** Arrival by our steady clock less send time, ms. */
  private readonly ways = new SlidingMinimum();
  /** Ms behind the latest send time, negative. */
  private readonly disorders = new SlidingMinimum();
  private latestSentMs = -Infinity;
  private lastPunctualAtMs = -Infinity;
  private latestExchangeMs = -Infinity;
  private clockAheadMs: number | undefined;

  /** A new connection: what was sent before it is lost. */
  opened(atMonotonicMs: number): void {
    this.isOpen = true;
    this.lastAtMs = atMonotonicMs;
    this.breakOff();
  }

  lost(atMonotonicMs: number): void {
    this.isOpen = false;
    this.lastAtMs = atMonotonicMs;
    this.breakOff();
  }

  /** Takes the evidence of one frame, and says as of which instant it speaks, monotonic ms; one without a send time speaks as of the last that has one. */
  heard({ atMonotonicMs, nowMs, sentMs }: Arrival): number {
    this.watchClock(nowMs - atMonotonicMs);
    if (this.isSilent(atMonotonicMs)) this.breakOff();
    this.lastAtMs = Math.max(atMonotonicMs, this.lastAtMs ?? -Infinity);
    if (sentMs === undefined || sentMs > nowMs + MOST_AHEAD_MS) {
      const toldAtMs = this.sinceMs === undefined ? atMonotonicMs - MOST_LAG_MS : this.toldAtMs;
      return Math.min(atMonotonicMs - this.lagMs, toldAtMs);
    }
    return atMonotonicMs - this.date({ sentMs, ageMs: nowMs - sentMs, atMonotonicMs });
  }

  /** How the stream stands, for logs and status. */
  state(monotonicMs: number): PulseState {
    const { lagMs } = this;
    const age = this.lastAtMs === undefined ? {} : { ageMs: monotonicMs - this.lastAtMs };
    return { kind: this.kind(monotonicMs), lagMs, ...age };
  }

  /** As of when the stream has told everything, monotonic ms; undefined unless steady. */
  asOf(monotonicMs: number): number | undefined {
    if (this.kind(monotonicMs) !== 'steady') return undefined;
    const disorderMs = Math.min(MOST_DISORDER_MS, -this.disorders.least());
    return this.toldAtMs - disorderMs - SAME_INSTANT_MS;
  }

  /** The exchange's time now, a lower bound that never falls, epoch ms; undefined before the first sent time. */
  exchangeMs(monotonicMs: number): number | undefined {
    const nowMs = monotonicMs - this.ways.least();
    if (nowMs === -Infinity) return undefined;
    this.latestExchangeMs = Math.max(this.latestExchangeMs, nowMs);
    return this.latestExchangeMs;
  }

  /** Exchange time from which on nothing was missed up to now; undefined unless steady when last heard. A gap moves it forward. */
  steadySinceMs(): number | undefined {
    return this.sinceMs;
  }

  /** Takes a dated frame into account; returns how late it was, ms. */
  private date({ sentMs, ageMs, atMonotonicMs }: Dated): number {
    const wayMs = atMonotonicMs - sentMs;
    const byClockMs = ageMs - Math.min(0, ageMs, this.ages.least());
    const lagMs = Math.max(byClockMs, wayMs - Math.min(wayMs, this.ways.least()));
    if (lagMs > MOST_LAG_MS && atMonotonicMs - this.lastPunctualAtMs <= STRAGGLER_WITHIN_MS) {
      this.disorders.note(sentMs - this.latestSentMs, atMonotonicMs);
      return lagMs;
    }
    this.lagMs = lagMs;
    if (lagMs > MOST_LAG_MS) {
      // Not noted: a baseline must not grow used to a stream that stays late. The first one is all there is.
      if (this.ways.least() === Infinity) this.noteBaselines({ sentMs, ageMs, atMonotonicMs });
      this.breakOff();
      return lagMs;
    }
    this.noteBaselines({ sentMs, ageMs, atMonotonicMs });
    this.lastPunctualAtMs = atMonotonicMs;
    this.latestSentMs = Math.max(this.latestSentMs, sentMs);
    this.disorders.note(sentMs - this.latestSentMs, atMonotonicMs);
    this.sinceMs ??= sentMs;
    this.toldAtMs = Math.max(this.toldAtMs, atMonotonicMs - lagMs);
    return lagMs;
  }

  private noteBaselines({ sentMs, ageMs, atMonotonicMs }: Dated): void {
    this.ages.note(ageMs, atMonotonicMs);
    this.ways.note(atMonotonicMs - sentMs, atMonotonicMs);
  }

  private watchClock(clockAheadMs: number): void {
    const known = this.clockAheadMs ?? clockAheadMs;
    this.clockAheadMs = clockAheadMs;
    if (Math.abs(clockAheadMs - known) <= CLOCK_STEP_MS) return;
    this.ages.forget();
    this.breakOff();
  }

  private kind(monotonicMs: number): PulseState['kind'] {
    if (!this.isOpen) return 'away';
    if (this.isSilent(monotonicMs)) return 'silent';
    if (this.lagMs > MOST_LAG_MS) return 'lagging';
    return this.sinceMs === undefined ? 'silent' : 'steady';
  }

  private isSilent(monotonicMs: number): boolean {
    return this.lastAtMs === undefined || monotonicMs - this.lastAtMs > MOST_SILENT_MS;
  }

  /** A gap begins: what was told holds as of when it was told, and no longer. */
  private breakOff(): void {
    this.sinceMs = undefined;
    this.toldAtMs = -Infinity;
    this.latestSentMs = -Infinity;
    this.lastPunctualAtMs = -Infinity;
  }
}
