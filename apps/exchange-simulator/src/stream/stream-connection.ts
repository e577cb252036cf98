import type { RawData, WebSocket } from 'ws';
import type { Frame, FrameFormat } from './frame';
import { MessageLimit } from './message-limit';
import { Outbox } from './outbox';
import type { StreamFaults } from './stream-faults';
import type { Listener } from './stream-hub';
import { RefusedStreamRequest, STREAM_REFUSALS } from './stream-refusal';
import { readStreamRequest, type SubscriptionLine } from './stream-request';

const UP_EVERY_MS = 10_000;
const UP = '{"status":"UP"}';
/** From an error to the close that follows it. */
const CLOSE_AFTER_ERROR_MS = 150;
const NORMAL_CLOSURE = 1_000;
/** A client that leaves so much unread is cut off. */
const MOST_UNREAD_BYTES = 16 * 1_024 * 1_024;

/** What a connection needs. */
export interface ConnectionOptions {
  readonly faults: StreamFaults;
  /** Closes after so long without a message in either direction, ms. */
  readonly idleMs: number;
  /** Ms on a clock that never goes back. */
  readonly monotonicMs: () => number;
  readonly subscribe: (lines: readonly SubscriptionLine[]) => void;
}

/** One client's connection: its requests, its format, its signs of life and its end. */
export class StreamConnection implements Listener {
  private readonly outbox: Outbox;
  private readonly messages = new MessageLimit();
  private format: FrameFormat = 'DEFAULT';
  private lines: readonly SubscriptionLine[] = [];
  private lastTrafficMs: number;
  private nextUpMs = Infinity;
  private closeAtMs = Infinity;

  constructor(
    private readonly socket: WebSocket,
    private readonly options: ConnectionOptions,
  ) {
    this.lastTrafficMs = options.monotonicMs();
    this.outbox = new Outbox(options.faults, (bytes) => {
      this.send(bytes);
    });
  }

  /** Begins to listen to the client. */
  open(): void {
    this.socket.on('message', (data) => {
      this.receive(textOf(data));
    });
    this.socket.on('ping', (payload) => {
      this.lastTrafficMs = this.options.monotonicMs();
      if (!this.isHalfOpen()) this.socket.pong(payload);
    });
    this.socket.on('pong', () => {
      this.lastTrafficMs = this.options.monotonicMs();
    });
  }

  deliver(frame: Frame): void {
    const { type, code } = frame;
    const bytes = frame.bytes(this.format);
    this.outbox.put({ type, code, bytes }, this.options.monotonicMs());
  }

  /** Does what is due at `nowMs`; to be called several times a second. */
  tick(nowMs: number): void {
    this.outbox.release(nowMs);
    if (nowMs >= this.nextUpMs) this.sayUp(nowMs);
    if (this.isHalfOpen()) return;
    if (nowMs >= this.closeAtMs) this.socket.close(NORMAL_CLOSURE);
    else if (nowMs - this.lastTrafficMs >= this.options.idleMs) this.cut();
  }

  /** Ends the connection without a close frame: the client sees 1006. */
  cut(): void {
    this.socket.terminate();
  }

  private receive(text: string): void {
    const nowMs = this.options.monotonicMs();
    this.lastTrafficMs = nowMs;
    if (this.closeAtMs !== Infinity) return;
    if (!this.messages.tryEnter(nowMs)) this.refuse(STREAM_REFUSALS.overLimit);
    else if (text === 'PING') this.sayUp(nowMs);
    else this.request(text);
  }

  private request(text: string): void {
    try {
      const request = readStreamRequest(text);
      this.format = request.format ?? (request.kind === 'list' ? this.format : 'DEFAULT');
      if (request.kind === 'list') {
        this.send(listText(this.lines, request.ticket));
        return;
      }
      this.lines = request.lines;
      this.options.subscribe(this.lines);
    } catch (error) {
      if (!(error instanceof RefusedStreamRequest)) throw error;
      this.refuse(error.text);
    }
  }

  /** After an error nothing more is told. */
  private refuse(text: string): void {
    this.options.subscribe([]);
    this.send(text);
    this.closeAtMs = this.options.monotonicMs() + CLOSE_AFTER_ERROR_MS;
  }

  private sayUp(nowMs: number): void {
    this.nextUpMs = nowMs + UP_EVERY_MS;
    this.send(UP);
  }

  /** Everything leaves as a binary frame, errors and `UP` included. */
  private send(data: Buffer | string): void {
    if (this.isHalfOpen()) return;
    this.lastTrafficMs = this.options.monotonicMs();
    if (this.socket.bufferedAmount > MOST_UNREAD_BYTES) this.cut();
    else this.socket.send(data, { binary: true });
  }

  private isHalfOpen(): boolean {
    return this.options.faults.has('stream-half-open');
  }
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString();
  return (Buffer.isBuffer(data) ? data : Buffer.from(data)).toString();
}

function listText(lines: readonly SubscriptionLine[], ticket: string): string {
  const result = lines.map(({ channel, codes }) => ({ type: channel.type, codes }));
  return JSON.stringify({ method: 'LIST_SUBSCRIPTIONS', result, ticket });
}
