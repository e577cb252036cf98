import type { Clock } from '@candlekeep/clock';
import {
  reconnectDelayMs,
  type StreamFrame,
  type StreamSubscription,
  UpbitStream,
} from '@candlekeep/exchange-client';
import { MINUTE } from '@candlekeep/live-candles';
import { type MarketCode, parseMarketCode, Timeframe } from '@candlekeep/market';
import type { Logger } from '@candlekeep/telemetry';
import { version } from '../../../package.json';

/** Who hears the stream. */
export interface StreamListener {
  /** A connection is open: frames of before it may be missing. */
  opened(): void;
  hear(frame: StreamFrame, bytes: Buffer): void;
  /** The connection is gone. */
  lost(): void;
}

export interface StreamLinkParts {
  readonly url: string;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Busy markets whose order books change many times a second: silence is no proof of anything without them. */
const PULSE_MARKETS = ['KRW-BTC', 'KRW-ETH', 'KRW-XRP', 'KRW-SOL', 'KRW-DOGE'].map(parseMarketCode);
const SECOND = Timeframe.parse('1s');
/** Connections open, so nothing is overrun; the exchange takes five a second. */
const LONGEST_DELAY_MS = 10_000;
/** A connection that lived this long was a good one: the next delay is the first again. */
const STEADY_MS = 60_000;

/** The one connection to the exchange's stream, made anew whenever its listener has missed something. */
export class StreamLink {
  private connection = new AbortController();
  private renewals = 0;

  constructor(private readonly parts: StreamLinkParts) {}

  /** Follows the markets until `signal` aborts. Rejects with what a new connection would not mend. */
  async run(
    markets: readonly MarketCode[],
    listener: StreamListener,
    signal: AbortSignal,
  ): Promise<void> {
    while (!signal.aborted) {
      const startedMs = this.parts.clock.monotonicMs();
      this.connection = new AbortController();
      await this.hold(markets, listener, AbortSignal.any([signal, this.connection.signal]));
      const livedMs = this.parts.clock.monotonicMs() - startedMs;
      this.renewals = livedMs >= STEADY_MS ? 1 : this.renewals + 1;
      await this.rest(signal);
    }
  }

  /** Leaves the connection; a new one brings snapshots of everything. */
  renew(): void {
    this.connection.abort();
  }

  private async hold(
    markets: readonly MarketCode[],
    listener: StreamListener,
    signal: AbortSignal,
  ): Promise<void> {
    const { url, clock, log } = this.parts;
    const stream = new UpbitStream({ version, clock, log }).open({
      url,
      subscriptions: subscriptionsOf(markets),
      signal,
      onFrame: (frame, bytes) => {
        listener.hear(frame, bytes);
      },
      onState: ({ kind }) => {
        if (kind === 'open') listener.opened();
        else listener.lost();
      },
    });
    await stream.ended;
  }

  /** Half to whole of 1 s, 2 s, 4 s … 10 s. */
  private async rest(signal: AbortSignal): Promise<void> {
    const { clock } = this.parts;
    const delayMs = reconnectDelayMs(this.renewals, clock.random(), LONGEST_DELAY_MS);
    await clock.sleep(delayMs, signal).catch(() => undefined);
  }
}

function subscriptionsOf(markets: readonly MarketCode[]): StreamSubscription[] {
  const pulse = [...new Set([...PULSE_MARKETS, ...markets.slice(0, 1)])];
  return [
    { kind: 'candle', timeframe: MINUTE, markets },
    { kind: 'trade', markets },
    { kind: 'ticker', markets },
    { kind: 'candle', timeframe: SECOND, markets },
    { kind: 'orderbook', markets: pulse },
  ];
}
