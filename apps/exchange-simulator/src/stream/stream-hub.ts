import type { Listing } from '../listing/market-list';
import type { Channel } from './channel';
import type { Frame } from './frame';
import { MarketStream } from './market-stream';
import type { SubscriptionLine } from './stream-request';
import type { Span } from './trade-schedule';

/** After a pause of the process, this much of what was missed is still told. */
const MOST_CATCH_UP_MS = 60_000;

/** Whom frames go to. */
export interface Listener {
  deliver(frame: Frame): void;
}

/** A listed market by its code as it is written; undefined for any other text. */
export type FindListing = (code: string) => Listing | undefined;

interface Audience {
  readonly channel: Channel;
  readonly listeners: Set<Listener>;
}

/** Who follows which channel of which code, and how far the market's story has been told. Each frame is made once for all. */
export class StreamHub {
  /** By code, then by the channel's name. Codes of no market are kept too: one may be listed later. */
  private readonly audiences = new Map<string, Map<string, Audience>>();
  private readonly streams = new Map<string, MarketStream>();
  private toldUntilMs = 0;

  constructor(private readonly findListing: FindListing) {}

  /** Replaces what a listener follows and sends it the snapshots. What was stored before comes in them, what is stored later follows. */
  subscribe(listener: Listener, lines: readonly SubscriptionLine[], nowMs: number): void {
    this.tellUntil(nowMs + 1);
    this.leave(listener);
    for (const { channel, codes, isOnlyRealtime, isOnlySnapshot } of lines) {
      for (const code of codes) {
        if (!isOnlySnapshot) this.audience(code, channel).listeners.add(listener);
        const snapshot = isOnlyRealtime ? undefined : this.stream(code)?.snapshot(channel, nowMs);
        if (snapshot !== undefined) listener.deliver(snapshot);
      }
    }
  }

  leave(listener: Listener): void {
    for (const [code, byType] of this.audiences) {
      for (const [type, { listeners }] of byType) {
        listeners.delete(listener);
        if (listeners.size === 0) byType.delete(type);
      }
      if (byType.size === 0) this.audiences.delete(code);
    }
  }

  /** Tells everything that happened before `untilMs` and is not told yet. A clock that was set back is followed: some may be told again. */
  tellUntil(untilMs: number): void {
    const fromMs = Math.max(this.toldUntilMs, untilMs - MOST_CATCH_UP_MS);
    this.toldUntilMs = untilMs;
    if (fromMs >= untilMs) return;
    for (const [code, byType] of this.audiences) {
      const stream = this.stream(code);
      if (stream !== undefined) tell(stream, byType.values(), { fromMs, untilMs });
    }
  }

  private audience(code: string, channel: Channel): Audience {
    const byType = this.audiences.get(code) ?? new Map<string, Audience>();
    this.audiences.set(code, byType);
    const audience = byType.get(channel.type) ?? { channel, listeners: new Set() };
    byType.set(channel.type, audience);
    return audience;
  }

  /** Codes are case-sensitive here, unlike in REST queries. */
  private stream(code: string): MarketStream | undefined {
    const listing = this.findListing(code);
    if (listing?.market !== code) return undefined;
    const known = this.streams.get(code);
    if (known?.tape === listing.tape) return known;
    const stream = new MarketStream(listing.market, listing.tape);
    this.streams.set(code, stream);
    return stream;
  }
}

function tell(stream: MarketStream, audiences: Iterable<Audience>, span: Span): void {
  for (const { channel, listeners } of audiences) {
    for (const frame of stream.realtime(channel, span)) {
      for (const listener of listeners) listener.deliver(frame);
    }
  }
}
