import type { Clock } from '@candlekeep/clock';
import { type AskedSeries, askedSeries, readStreamFrame } from '@candlekeep/exchange-client';
import { type MarketCode, Timeframe } from '@candlekeep/market';
import { Outbox } from '../../apps/exchange-simulator/src/stream/outbox';
import type { StreamFaults } from '../../apps/exchange-simulator/src/stream/stream-faults';
import type { StreamListener } from '../../apps/live/src/stream-link';
import type { SeededRandom } from '../support/seeded-random';
import { type LeavingFrame, PULSE } from './day-frames';

interface Arrival {
  readonly atMs: number;
  readonly bytes: Buffer;
}

export interface DayLinkParts {
  readonly markets: readonly MarketCode[];
  readonly faults: StreamFaults;
  readonly clock: Clock;
  readonly random: SeededRandom;
}

/** A frame's way to us, ms. */
const LEAST_WAY_MS = 20;
const MOST_WAY_MS = 60;
const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 30_000;
const STEADY_MS = 60_000;

/** One leader's connection to the stream, over as many connections as it takes; frames keep their order on the way. */
export class DayLink {
  /** Undefined while there is a connection. */
  opensAtMs: number | undefined = 0;
  private readonly asked: AskedSeries;
  private outbox: Outbox | undefined;
  private arrivals: Arrival[] = [];
  private next = 0;
  private leaveMs = 0;
  private lastArrivalMs = 0;
  private openedMs = 0;
  private failures = 0;

  constructor(
    private readonly parts: DayLinkParts,
    private readonly listener: StreamListener,
  ) {
    const { markets } = parts;
    const [second, minute] = [Timeframe.parse('1s'), Timeframe.parse('1m')];
    this.asked = askedSeries([
      { kind: 'candle', timeframe: minute, markets },
      { kind: 'trade', markets },
      { kind: 'ticker', markets },
      { kind: 'candle', timeframe: second, markets },
      { kind: 'orderbook', markets: PULSE },
    ]);
  }

  /** When the next frame arrives, epoch ms. */
  get nextArrivalMs(): number {
    return this.arrivals[this.next]?.atMs ?? Infinity;
  }

  open(nowMs: number): void {
    this.opensAtMs = undefined;
    this.openedMs = nowMs;
    this.outbox = new Outbox(this.parts.faults, (bytes) => {
      const wayMs = this.parts.random.between(LEAST_WAY_MS, MOST_WAY_MS);
      this.lastArrivalMs = Math.max(this.lastArrivalMs, this.leaveMs + wayMs);
      this.arrivals.push({ atMs: this.lastArrivalMs, bytes });
    });
    this.listener.opened();
  }

  /** What leaves the exchange for this connection, in its order. */
  take(frames: readonly LeavingFrame[], untilMs: number): void {
    for (const frame of frames) {
      this.release(frame.leaveMs);
      this.outbox?.put(frame, frame.leaveMs);
    }
    this.release(untilMs);
  }

  /** Hears the frame that is next. */
  hearNext(): void {
    const arrival = this.arrivals[this.next];
    if (arrival === undefined) return;
    this.next += 1;
    if (this.next > 1_000) {
      this.arrivals = this.arrivals.slice(this.next);
      this.next = 0;
    }
    const outcome = readStreamFrame(arrival.bytes, this.asked);
    if (outcome.kind !== 'frame') throw new Error(`a frame of the simulator is ${outcome.kind}`);
    this.listener.hear(outcome.frame, arrival.bytes);
  }

  /** The connection is gone, with what was on its way; a new one is opened by the rules of reconnecting. */
  cut(): void {
    if (this.opensAtMs !== undefined) return;
    const nowMs = this.parts.clock.nowMs();
    this.failures = nowMs - this.openedMs >= STEADY_MS ? 1 : this.failures + 1;
    const longestMs = Math.min(FIRST_DELAY_MS * 2 ** (this.failures - 1), LONGEST_DELAY_MS);
    this.opensAtMs = nowMs + longestMs * (0.5 + this.parts.random.next() / 2);
    this.outbox = undefined;
    this.arrivals = [];
    this.next = 0;
    this.listener.lost();
  }

  private release(nowMs: number): void {
    this.leaveMs = nowMs;
    this.outbox?.release(nowMs);
  }
}
