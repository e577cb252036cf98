import { LiveMarket, type LiveSight } from '../src';
import { MARKET, TrueMarket, type TrueTrade } from './true-market';

/** A whole minute at noon. */
export const NOON_MS = Date.UTC(2026, 2, 3, 12);

/** A trade so long after noon, stored 10 ms later. */
export function tradeAt(afterMs: number): TrueTrade {
  const tradedAtMs = NOON_MS + afterMs;
  const storedAtMs = tradedAtMs + 10;
  const amounts = { price: 5n * 10n ** 8n, volume: 10n ** 7n };
  return { id: BigInt(tradedAtMs), tradedAtMs, storedAtMs, sentAtMs: storedAtMs, ...amounts };
}

/** A market that traded before noon, and so long after it. */
export function marketOf(afterMs: readonly number[]): TrueMarket {
  return new TrueMarket([-90_000, ...afterMs].map(tradeAt));
}

/** Follows a market from noon until an instant. Each frame arrives when it is sent. */
export function followed(truth: TrueMarket, untilMs: number): LiveMarket {
  const live = new LiveMarket(MARKET);
  live.opened();
  for (const frame of truth.snapshots(NOON_MS)) live.hear(frame, 0);
  live.restart(NOON_MS);
  for (const { sentMs, frame } of truth.frames(NOON_MS + untilMs)) {
    if (sentMs > NOON_MS) live.hear(frame, sentMs - NOON_MS);
  }
  return live;
}

export function sightAt(live: LiveMarket, afterMs: number): LiveSight | undefined {
  return live.sight({ exchangeMs: NOON_MS + afterMs, asOfMonotonicMs: afterMs });
}
