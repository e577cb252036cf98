import type { Clock } from '@candlekeep/clock';
import { parseMarketCode } from '@candlekeep/market';
import { silentLogger } from '@candlekeep/telemetry';
import {
  type OpenStream,
  type StreamFrame,
  type StreamQuery,
  type StreamState,
  UpbitStream,
} from '../src';

/** A stream of one market's trades, and all that it said. */
export class StreamProbe {
  readonly states: StreamState[] = [];
  readonly frames: StreamFrame[] = [];
  readonly warnings: string[] = [];
  private readonly caller = new AbortController();
  private readonly stream: OpenStream;

  private constructor(clock: Clock, query: Partial<StreamQuery> & Pick<StreamQuery, 'url'>) {
    const log = { ...silentLogger, warn: (message: string) => this.warnings.push(message) };
    this.stream = new UpbitStream({ version: '1.2.3', clock, log }).open({
      subscriptions: [{ kind: 'trade', markets: [parseMarketCode('KRW-BTC')] }],
      signal: this.caller.signal,
      onFrame: (frame) => this.frames.push(frame),
      onState: (state) => this.states.push(state),
      ...query,
    });
    // A test that expects a failure looks at `ended` itself.
    this.stream.ended.catch(() => undefined);
  }

  /** Opens a stream; the subscription and the callbacks can be others. */
  static open(clock: Clock, query: Partial<StreamQuery> & Pick<StreamQuery, 'url'>): StreamProbe {
    return new StreamProbe(clock, query);
  }

  get state(): StreamState {
    return this.stream.state();
  }

  get counts() {
    return this.stream.counts();
  }

  get ended(): Promise<void> {
    return this.stream.ended;
  }

  /** The ids of the trades that came, in order. */
  get ids(): readonly (string | undefined)[] {
    return this.frames.map((frame) => (frame.kind === 'trade' ? frame.sequentialId : undefined));
  }

  /** Aborts the stream's signal. */
  leave(): void {
    this.caller.abort();
  }

  /** Leaves, and resolves when the stream has ended, well or not. */
  async close(): Promise<void> {
    this.leave();
    await Promise.allSettled([this.stream.ended]);
  }
}
