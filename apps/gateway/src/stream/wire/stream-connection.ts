import type { Duplex } from 'node:stream';
import type { Clock } from '@candlekeep/clock';
import { isMarketCode, type MarketCode } from '@candlekeep/market';
import { background, type Logger } from '@candlekeep/telemetry';
import type { RawData, WebSocket } from 'ws';
import type { Follower } from '../topics/topic';
import type { StreamPass } from '../../access/stream-passes';
import type { TopicBook } from '../topics/topic-book';
import type { Frame, StreamType } from './frame';
import { MessageLimit } from './message-limit';
import { MOST_UNSENT_BYTES, Outbox, type Wire } from './outbox';
import { StreamRefusal, streamRefusals } from './stream-refusal';
import { readStreamRequest, type StreamRequest, type SubscriptionLine } from './stream-request';
import { mergeLines, type MergedLines } from './merge-lines';

export interface StreamConnectionParts {
  readonly topics: Pick<TopicBook, 'join'>;
  /** Whether the exchange lists a market. */
  readonly mayExist: (market: MarketCode) => Promise<boolean>;
  /** On what terms the client follows. */
  readonly pass: StreamPass;
  readonly clock: Clock;
  readonly log: Logger;
}

const UP = Buffer.from('{"status":"UP"}');
const UP_EVERY_MS = 10_000;
const IDLE_MS = 120_000;
/** From an error to the close that follows it, as at the exchange. */
const CLOSE_AFTER_ERROR_MS = 150;
const STUCK_MS = 30_000;
const NORMAL_CLOSURE = 1_000;
const GOING_AWAY = 1_001;
/** "Policy violation" (RFC 6455, 7.4.1): the key is no longer one. */
const NOT_PERMITTED = 1_008;
/** Whose key was revoked has so long to answer the close, ms. */
const LEAVE_WITHIN_MS = 700;

/** One client of the stream: its requests, what it follows, and its end. */
export class StreamConnection implements Follower, Wire {
  private readonly outbox: Outbox;
  private readonly limit = new MessageLimit();
  private readonly ended = new AbortController();
  private subscription: readonly SubscriptionLine[] = [];
  private leaveTopics: (() => void)[] = [];
  private heardAtMs: number;
  private nextUpMs = Infinity;
  private isRefused = false;
  private cutAtMs = Infinity;

  constructor(
    private readonly socket: WebSocket,
    private readonly stream: Duplex,
    private readonly parts: StreamConnectionParts,
  ) {
    this.outbox = new Outbox(this, parts.pass);
    this.heardAtMs = parts.clock.monotonicMs();
  }

  /** Begins to listen to the client. */
  open(): void {
    const { socket } = this;
    socket.on('message', (data) => {
      this.heardAtMs = this.nowMs;
      this.receive(textOf(data));
    });
    socket.on('ping', (payload) => {
      this.heardAtMs = this.nowMs;
      if (this.unsentBytes <= MOST_UNSENT_BYTES) socket.pong(payload);
    });
    socket.on('pong', () => {
      this.heardAtMs = this.nowMs;
    });
    socket.on('close', () => {
      this.end();
    });
    // A broken frame or a reset: the close that follows says all there is to say.
    socket.on('error', () => undefined);
    this.stream.on('drain', () => {
      this.outbox.pump(this.nowMs);
    });
  }

  get unsentBytes(): number {
    return this.socket.bufferedAmount;
  }

  /** How many frames wait for a client that does not keep up. */
  get waitingFrames(): number {
    return this.outbox.length;
  }

  send(bytes: Buffer): void {
    this.socket.send(bytes, { binary: true, compress: false });
  }

  deliver(topic: string, frame: Frame, type: StreamType): void {
    if (!this.isRefused) this.outbox.put(topic, { frame, type }, this.nowMs);
  }

  /** Does what is due; to be called several times a second. */
  tick(): void {
    const { nowMs } = this;
    if (!this.isRefused && !this.parts.pass.isValid()) this.endRevoked(nowMs);
    this.outbox.pump(nowMs);
    if (nowMs >= this.nextUpMs) this.sayUp();
    const isStuck = this.outbox.stuckMs(nowMs) >= STUCK_MS;
    if (isStuck) this.parts.log.info('a client of the stream did not read for 30 s: it is cut off');
    const isLate = nowMs - this.heardAtMs >= IDLE_MS || nowMs >= this.cutAtMs;
    if (isStuck || isLate) this.cut();
  }

  /** The gateway stops. */
  goAway(): void {
    this.leave();
    this.socket.close(GOING_AWAY);
  }

  /** Ends the connection without a word. */
  cut(): void {
    this.socket.terminate();
  }

  private get nowMs(): number {
    return this.parts.clock.monotonicMs();
  }

  private receive(text: string): void {
    if (this.isRefused) return;
    try {
      if (!this.limit.tryAdmit(this.nowMs)) throw streamRefusals.tooManyMessages();
      if (text === 'PING') this.sayUp();
      else this.answer(readStreamRequest(text));
    } catch (error) {
      if (!(error instanceof StreamRefusal)) throw error;
      this.refuse(error);
    }
  }

  private answer(request: StreamRequest): void {
    if (request.kind === 'list') {
      this.outbox.format = request.format ?? this.outbox.format;
      this.sayIfRoom(Buffer.from(listText(this.subscription, request.ticket)));
      return;
    }
    this.leave();
    this.outbox.format = request.format;
    this.subscription = request.lines;
    const leaving = (this.leaveTopics = []);
    const joined = this.join(mergeLines(request.lines), leaving);
    background(this.parts.log, 'a subscription to the stream', joined);
  }

  /** Codes of no market are met with silence, as at the exchange. `leaving` is replaced by the next subscription, which ends this one. */
  private async join(lines: MergedLines, leaving: (() => void)[]): Promise<void> {
    const { topics, mayExist } = this.parts;
    for (const { type, code, terms } of lines) {
      if (!isMarketCode(code) || !(await mayExist(code))) continue;
      if (this.leaveTopics !== leaving) return;
      leaving.push(topics.join(this, { type, market: code }, terms));
    }
  }

  /** Follows nothing any more. */
  private leave(): void {
    for (const leaveTopic of this.leaveTopics) leaveTopic();
    this.leaveTopics = [];
    this.outbox.clear();
  }

  private endRevoked(nowMs: number): void {
    this.refuse(streamRefusals.noAuth(), NOT_PERMITTED);
    this.cutAtMs = nowMs + LEAVE_WITHIN_MS;
  }

  /** After an error nothing more is told. */
  private refuse(refusal: StreamRefusal, code = NORMAL_CLOSURE): void {
    this.isRefused = true;
    this.leave();
    this.nextUpMs = Infinity;
    this.sayIfRoom(Buffer.from(refusal.text));
    const { clock, log } = this.parts;
    const closed = clock.sleep(CLOSE_AFTER_ERROR_MS, this.ended.signal).then(
      () => {
        this.socket.close(code);
      },
      () => undefined,
    );
    background(log, 'closing a refused stream', closed);
  }

  private sayUp(): void {
    this.nextUpMs = this.nowMs + UP_EVERY_MS;
    this.sayIfRoom(UP);
  }

  /** A client that asks and does not read is not answered. */
  private sayIfRoom(bytes: Buffer): void {
    if (this.unsentBytes <= MOST_UNSENT_BYTES) this.send(bytes);
  }

  private end(): void {
    this.isRefused = true;
    this.leave();
    this.ended.abort();
  }
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString('utf8');
  return (Buffer.isBuffer(data) ? data : Buffer.from(data)).toString('utf8');
}

function listText(lines: readonly SubscriptionLine[], ticket: string): string {
  const result = lines.map(({ type, codes }) => ({ type: type.name, codes }));
  return JSON.stringify({ method: 'LIST_SUBSCRIPTIONS', result, ticket });
}
