import type { Frame, FrameFormat, StreamType } from './frame';

/** What leads to a client. */
export interface Wire {
  /** Bytes that it has taken and not passed on. */
  readonly unsentBytes: number;
  send(bytes: Buffer): void;
}

/** What candles are paid from. */
export interface Purse {
  /** Whether there is enough for one more now. */
  mayTell(): boolean;
  pay(candles: number): void;
}

interface Waiting {
  readonly frame: Frame;
  readonly type: StreamType;
}

/** With so much unsent, further frames wait here, bytes. */
export const MOST_UNSENT_BYTES = 64 * 1_024;
const MOST_TRADES = 100;

/**
 * The way of one connection's frames to its client. To a client that is slower than the market, the newest frame of a topic
 * replaces the one that waits, and of trades the newest 100 wait: what is held back is bounded, whatever the client does.
 * Candles are paid for when they are sent; while there is nothing to pay from, the newest of each topic waits likewise.
 */
export class Outbox {
  format: FrameFormat = 'DEFAULT';
  /** By topic. */
  private readonly states = new Map<string, Waiting>();
  private readonly trades: Frame[] = [];
  /** Candles that wait until there is something to pay them from, by topic. */
  private readonly unpaid = new Map<string, Waiting>();
  private congestedSinceMs: number | undefined;

  constructor(
    private readonly wire: Wire,
    private readonly purse: Purse,
  ) {}

  /** Takes a frame of a topic at `nowMs`, monotonic. */
  put(topic: string, { frame, type: given }: Waiting, nowMs: number): void {
    const type = this.unpaid.get(topic)?.type === 'SNAPSHOT' ? 'SNAPSHOT' : given;
    this.unpaid.delete(topic);
    if (frame.rows > 0 && !this.purse.mayTell()) {
      this.unpaid.set(topic, { frame, type });
      return;
    }
    if (!this.isCongested && this.hasRoom) {
      this.tell(frame, type);
      return;
    }
    this.congestedSinceMs ??= nowMs;
    if (type === 'REALTIME' && frame.tradeId !== undefined) this.holdTrade(frame);
    else this.holdState(topic, frame, type);
  }

  /** Passes on what waits, as far as there is room. */
  pump(nowMs: number): void {
    for (const [topic, waiting] of this.unpaid) {
      if (!this.purse.mayTell()) break;
      this.put(topic, waiting, nowMs);
    }
    for (const [topic, { frame, type }] of this.states) {
      if (!this.hasRoom) return;
      this.states.delete(topic);
      this.pass(frame, type, nowMs);
    }
    while (this.trades.length > 0 && this.hasRoom) {
      const frame = this.trades.shift();
      if (frame !== undefined) this.pass(frame, 'REALTIME', nowMs);
    }
    if (!this.isCongested) this.congestedSinceMs = undefined;
  }

  /** For how long something has waited while nothing could be passed on, ms. */
  stuckMs(nowMs: number): number {
    return this.congestedSinceMs === undefined ? 0 : nowMs - this.congestedSinceMs;
  }

  /** Frames that wait. */
  get length(): number {
    return this.states.size + this.trades.length;
  }

  /** Forgets what waits. */
  clear(): void {
    this.states.clear();
    this.unpaid.clear();
    this.trades.length = 0;
    this.congestedSinceMs = undefined;
  }

  private get isCongested(): boolean {
    return this.length > 0;
  }

  private get hasRoom(): boolean {
    return this.wire.unsentBytes <= MOST_UNSENT_BYTES;
  }

  private pass(frame: Frame, type: StreamType, nowMs: number): void {
    this.congestedSinceMs = nowMs;
    this.tell(frame, type);
  }

  private tell(frame: Frame, type: StreamType): void {
    this.wire.send(frame.bytes(this.format, type));
    if (frame.rows > 0) this.purse.pay(frame.rows);
  }

  private holdTrade(frame: Frame): void {
    this.trades.push(frame);
    if (this.trades.length > MOST_TRADES) this.trades.shift();
  }

  /** Who has not got a snapshot yet gets one, be it of a later state. */
  private holdState(topic: string, frame: Frame, type: StreamType): void {
    const isSnapshot = type === 'SNAPSHOT' || this.states.get(topic)?.type === 'SNAPSHOT';
    this.states.set(topic, { frame, type: isSnapshot ? 'SNAPSHOT' : 'REALTIME' });
  }
}
