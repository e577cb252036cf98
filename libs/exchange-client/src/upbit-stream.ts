import type { Clock } from '@candlekeep/clock';
import { InvalidValue } from '@candlekeep/market';
import type { Logger } from '@candlekeep/telemetry';
import type { StreamFrame } from './stream-frame';
import { requireAskable, type StreamSubscription } from './stream-request';
import { type StreamCounts, StreamSession, type StreamState } from './stream-session';

export interface UpbitStreamOptions {
  /** Our own version, told to the exchange as `candlekeep/<version>`. */
  readonly version: string;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface StreamQuery {
  /** The exchange's stream, such as `wss://api.upbit.com/websocket/v1`. */
  readonly url: string;
  /** All that this stream is for: another need is another stream, or a new one in its place. */
  readonly subscriptions: readonly StreamSubscription[];
  /** Ends the stream. */
  readonly signal: AbortSignal;
  /** Called for each frame in the order of receipt, synchronously, with the message as it came. What it throws ends the stream. */
  readonly onFrame: (frame: StreamFrame, bytes: Buffer) => void;
  /** Called at each change of the state, before the first frame that follows it. */
  readonly onState: (state: StreamState) => void;
}

/** A stream that keeps itself connected until its signal aborts. */
export interface OpenStream {
  /** Where the stream stands now. */
  state(): StreamState;
  counts(): StreamCounts;
  /**
   * Resolves when the signal has aborted and the socket is closed. Rejects when a new connection would not help: with
   * {@link StreamRefused}, with `ExchangeRefused` for the upgrade, or with what a callback threw.
   */
  readonly ended: Promise<void>;
}

/**
 * Follows the exchange's WebSocket. Frames are delivered in the order of receipt, never sorted, merged or held back. A
 * message that is no frame of an asked series is counted, logged once a connection and dropped. After each reconnect the
 * first frame of a series is a snapshot again; what was sent in between is missed, and `onState` is the only sign of it.
 */
export class UpbitStream {
  constructor(private readonly options: UpbitStreamOptions) {}

  /** Begins to connect. Throws `InvalidValue`, before anything is sent, for an unusable URL or subscription. */
  open({ signal, ...query }: StreamQuery): OpenStream {
    requireStreamUrl(query.url);
    requireAskable(query.subscriptions);
    const { version, clock, log } = this.options;
    const session = new StreamSession({ ...query, userAgent: `candlekeep/${version}`, clock, log });
    return {
      state: () => session.state(),
      counts: () => session.counts(),
      // Later, so that no callback comes before the caller holds the stream.
      ended: Promise.resolve().then(() => session.run(signal)),
    };
  }
}

/** A name and password in the URL would leave as an Authorization header. */
function requireStreamUrl(url: string): void {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const isStream = parsed?.protocol === 'ws:' || parsed?.protocol === 'wss:';
  if (isStream && `${parsed.username}${parsed.password}${parsed.hash}` === '') return;
  throw new InvalidValue(
    'the URL of the exchange’s stream is unusable: it must start with ws:// or wss:// and hold no user, password or #',
  );
}
