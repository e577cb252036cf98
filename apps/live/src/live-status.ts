import type { Clock } from '@candlekeep/clock';
import type { LiveStatus, MarketStatus } from '@candlekeep/feed';
import type { Term } from '@candlekeep/lease';
import type { ServerClock } from '@candlekeep/redis';
import type { FollowedMarket } from './followed-market';
import type { FollowedStream } from './followed-stream';

interface StatusParts {
  readonly name: string;
  readonly term: Term;
  /** When this process began to lead, epoch ms. */
  readonly sinceMs: number;
  readonly clock: Clock;
  readonly cacheClock: ServerClock;
}

/** How the leader stands, for operators. */
export function statusOf(stream: FollowedStream, parts: StatusParts): LiveStatus {
  const { name, term, sinceMs, clock, cacheClock } = parts;
  const nowMs = clock.monotonicMs();
  const { kind, ageMs, lagMs } = stream.pulse.state(nowMs);
  return {
    leader: name,
    token: term.token,
    sinceMs,
    atMs: Math.floor(cacheClock.at(nowMs) ?? clock.nowMs()),
    stream: {
      state: kind,
      ...(ageMs === undefined ? {} : { ageMs: Math.round(ageMs) }),
      lagMs: Math.round(lagMs),
    },
    markets: stream.markets.map((market) => marketStatus(market, nowMs)),
  };
}

function marketStatus(
  { market, counts, trust, lastFrameMonotonicMs }: FollowedMarket,
  nowMs: number,
): MarketStatus {
  const { native, rest, traded, empty, doubtful, corrections } = counts;
  const age =
    lastFrameMonotonicMs === undefined
      ? {}
      : { lastFrameAgeMs: Math.round(nowMs - lastFrameMonotonicMs) };
  return {
    market,
    ...age,
    provenance: { native, rest, stream: Math.max(0, traded + empty - native) },
    proven: traded,
    ...{ empty, doubtful, corrections },
    mode: trust.readEachClose ? 'rest' : 'stream',
  };
}
