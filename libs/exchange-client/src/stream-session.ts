import type { Clock } from '@candlekeep/clock';
import type { Logger } from '@candlekeep/telemetry';
import { ExchangeError, ExchangeUnavailable, StreamRefused } from './exchange-error';
import { reconnectDelayMs } from './reconnect-delay';
import { StreamConnection } from './stream-connection';
import { readStreamFrame } from './read-stream-frame';
import type { StreamFrame } from './stream-frame';
import {
  askedSeries,
  type AskedSeries,
  streamRequest,
  type StreamSubscription,
} from './stream-request';

/** Where a stream stands. */
export type StreamState =
  | { readonly kind: 'connecting' }
  /** `silentForMs`: since the last frame that was delivered, or since the connection opened. Pongs are no frames. */
  | { readonly kind: 'open'; readonly silentForMs: number }
  /** No connection until then, by this process' monotonic clock, ms; and why. */
  | {
      readonly kind: 'reconnecting';
      readonly untilMonotonicMs: number;
      readonly cause: ExchangeError;
    }
  | { readonly kind: 'ended' };

/** What a stream has seen since it was opened, over all its connections. */
export interface StreamCounts {
  readonly connections: number;
  /** Frames that were delivered. */
  readonly frames: number;
  /** Messages that were dropped because they were no frame of an asked series. */
  readonly malformed: number;
}

export interface StreamSessionOptions {
  readonly url: string;
  readonly userAgent: string;
  readonly subscriptions: readonly StreamSubscription[];
  readonly clock: Clock;
  readonly log: Logger;
  readonly onFrame: (frame: StreamFrame, bytes: Buffer) => void;
  readonly onState: (state: StreamState) => void;
}

/** A connection that lived this long was no failure to connect: the next delay is the first again. */
const STEADY_MS = 30_000;
/** Declines of the request itself: asking again would be declined again. */
const FINAL_NAMES = new Set([
  'INVALID_AUTH',
  'INVALID_PARAM',
  'NO_CODES',
  'NO_TICKET',
  'NO_TYPE',
  'WRONG_FORMAT',
]);

/** The life of one stream over as many connections as it takes. */
export class StreamSession {
  private readonly asked: AskedSeries;
  private tally: StreamCounts = { connections: 0, frames: 0, malformed: 0 };
  private current: StreamState = { kind: 'connecting' };
  private lastSeenMonotonicMs = 0;
  private hasReportedMalformed = false;

  constructor(private readonly options: StreamSessionOptions) {
    this.asked = askedSeries(options.subscriptions);
  }

  state(): StreamState {
    if (this.current.kind !== 'open') return this.current;
    const silentForMs = this.options.clock.monotonicMs() - this.lastSeenMonotonicMs;
    return { kind: 'open', silentForMs };
  }

  counts(): StreamCounts {
    return this.tally;
  }

  /** Resolves when `signal` has aborted and the socket is closed; rejects with what no new connection could mend. */
  async run(signal: AbortSignal): Promise<void> {
    try {
      for (let failures = 0; !signal.aborted;) {
        const startedMs = this.options.clock.monotonicMs();
        const cause = await this.connect(signal);
        if (cause === undefined) return;
        const isSteady = this.options.clock.monotonicMs() - startedMs >= STEADY_MS;
        failures = isSteady ? 1 : failures + 1;
        await this.stayAway(cause, failures, signal);
      }
    } finally {
      this.current = { kind: 'ended' };
      this.options.onState(this.current);
    }
  }

  /** One connection. Resolves with the reason to try again, or with undefined when the signal ended it. */
  private async connect(signal: AbortSignal): Promise<ExchangeError | undefined> {
    const { url, userAgent, subscriptions, clock } = this.options;
    this.enter({ kind: 'connecting' });
    this.hasReportedMalformed = false;
    const connection = new StreamConnection({
      url,
      userAgent,
      request: streamRequest(clock.token(), subscriptions),
      clock,
      onOpen: () => {
        this.lastSeenMonotonicMs = clock.monotonicMs();
        this.count('connections');
        this.enter({ kind: 'open', silentForMs: 0 });
      },
      onMessage: (bytes) => {
        this.receive(bytes);
      },
    });
    try {
      await connection.hold(signal);
      return undefined;
    } catch (error) {
      if (error instanceof ExchangeError && error.retryable) return error;
      throw error;
    }
  }

  private async stayAway(
    cause: ExchangeError,
    failures: number,
    signal: AbortSignal,
  ): Promise<void> {
    const { clock, log } = this.options;
    const delayMs = Math.max(reconnectDelayMs(failures, clock.random()), statedDelayMs(cause));
    log.warn('the exchange’s stream is lost and will be tried again', { error: cause, delayMs });
    const untilMonotonicMs = clock.monotonicMs() + delayMs;
    this.enter({ kind: 'reconnecting', untilMonotonicMs, cause });
    try {
      await clock.sleep(delayMs, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  private receive(bytes: Buffer): void {
    const outcome = readStreamFrame(bytes, this.asked);
    switch (outcome.kind) {
      case 'frame':
        this.lastSeenMonotonicMs = this.options.clock.monotonicMs();
        this.count('frames');
        this.options.onFrame(outcome.frame, bytes);
        return;
      case 'malformed':
        this.count('malformed');
        this.reportMalformed(outcome.problem);
        return;
      case 'declined':
        throw declined(outcome);
      case 'alive':
        return;
    }
  }

  /** Once a connection: the counter says how many more there were. */
  private reportMalformed(problem: string): void {
    if (this.hasReportedMalformed) return;
    this.hasReportedMalformed = true;
    this.options.log.warn('a frame of the exchange’s stream cannot be trusted and was dropped', {
      problem,
    });
  }

  private enter(state: StreamState): void {
    this.current = state;
    this.options.onState(state);
  }

  private count(what: keyof StreamCounts): void {
    this.tally = { ...this.tally, [what]: this.tally[what] + 1 };
  }
}

/** What the exchange itself said about coming back, ms. */
function statedDelayMs(cause: ExchangeError): number {
  return cause.retryAfterMs ?? 0;
}

function declined({ name, message }: { name: string; message: string }): ExchangeError {
  const words = `the exchange declined the stream (${name}: ${message})`;
  return FINAL_NAMES.has(name)
    ? new StreamRefused(`${words}: check the subscriptions, then open it again`)
    : new ExchangeUnavailable(`${words}: a new connection is tried by itself`);
}
