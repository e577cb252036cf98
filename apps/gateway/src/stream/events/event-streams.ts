import type { Clock } from '@candlekeep/clock';
import { type CandleCache, FailureLog, LATEST_MS } from '@candlekeep/candle-cache';
import type { MarketCode, Series } from '@candlekeep/market';
import type { Logger } from '@candlekeep/telemetry';
import { ServiceUnavailableException } from '@nestjs/common';
import { badRequest } from '../../api/api-refusal';
import { isUnknownMarket, type SeriesWatch } from '../series/series-watch';
import type { StreamPass } from '../../access/stream-passes';
import type { Cursors } from './event-id';
import { EventStream } from './event-stream';
import type { EventWire } from './event-wire';

export interface EventStreamsParts {
  readonly watch: Pick<SeriesWatch, 'follow'>;
  readonly candles: Pick<CandleCache, 'read'>;
  /** Whether the exchange lists a market. */
  readonly mayExist: (market: MarketCode) => Promise<boolean>;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Who is to be told of what, and on what terms. */
export interface EventClient {
  readonly series: readonly Series[];
  readonly cursors: Cursors;
  readonly wire: EventWire;
  readonly pass: StreamPass;
}

const TICK_MS = 1_000;
/** How often it is looked at whose key was revoked, ms: gateways hear of it within a second, and promise two. */
const VALID_EVERY_MS = 200;
const BEAT_EVERY_TICKS = 15;
const MAX_AGE_MS = 1_000;
/** A stream may begin while the exchange is away, ms: rows say as of when they are. */
const STALE_MS = 24 * 3_600_000;

/** All clients of events on this gateway. */
export class EventStreams {
  private readonly open = new Set<EventStream>();
  private isClosing = false;
  private readonly failures: FailureLog;
  private ticks = 0;
  private stopTicking: () => void = () => undefined;

  constructor(private readonly parts: EventStreamsParts) {
    this.failures = new FailureLog(parts);
  }

  /** Clients that follow now. */
  get streamCount(): number {
    return this.open.size;
  }

  start(): void {
    const { clock } = this.parts;
    const stops = [
      clock.every(TICK_MS, () => {
        this.tick();
      }),
      clock.every(VALID_EVERY_MS, () => {
        for (const stream of this.open) stream.endUnlessValid();
      }),
    ];
    this.stopTicking = () => {
      for (const stop of stops) stop();
    };
  }

  /** Throws when a series cannot be followed: an `ApiRefusal`, 503 once the gateway stops, or what reading it throws. */
  async require(series: readonly Series[]): Promise<void> {
    if (this.isClosing) throw new ServiceUnavailableException('This gateway stops: come again.');
    await Promise.all(series.map((one) => this.requireOne(one)));
  }

  /** Begins to tell a client; returns the way to end that when the client has gone. */
  begin({ series, cursors, wire, pass }: EventClient): () => void {
    const parts = { ...this.parts, failures: this.failures, pass };
    const stream = new EventStream(series, cursors, wire, parts);
    // It may have waited for the exchange while everything else was closed.
    if (this.isClosing) stream.end();
    else this.open.add(stream);
    return () => {
      stream.stop();
      this.open.delete(stream);
      pass.end();
    };
  }

  close(): Promise<void> {
    this.isClosing = true;
    this.stopTicking();
    for (const stream of this.open) stream.end();
    this.open.clear();
    return Promise.resolve();
  }

  /** Reads it once: that brings what the stream begins with. */
  private async requireOne(series: Series): Promise<void> {
    const { mayExist, candles } = this.parts;
    if (!(await mayExist(series.market))) throw unknownMarket(series);
    try {
      const question = { series, beforeMs: LATEST_MS, count: 1, onlyIfCached: false };
      await candles.read({ ...question, maxAgeMs: MAX_AGE_MS, staleIfErrorMs: STALE_MS });
    } catch (error) {
      throw isUnknownMarket(error) ? unknownMarket(series) : error;
    }
  }

  private tick(): void {
    this.ticks += 1;
    for (const stream of this.open) {
      stream.tick();
      if (this.ticks % BEAT_EVERY_TICKS === 0) stream.beat();
    }
  }
}

function unknownMarket({ market }: Series) {
  const expected = `expected a listed market; ${market} is none`;
  return badRequest([{ field: 'series', expected }]);
}
