import { LiveMarket, type LiveSight, type MinuteVerdict, sentMsOf, StreamPulse } from '../src';
import type { Delivery } from './delivery';
import { MARKET } from './true-market';

/** Monotonic time begins here, so that it is never mistaken for the time of day. */
const BEGIN_MS = Date.UTC(2026, 0, 1);
const TICK_MS = 400;
/** How long a settled REST read takes to decide. */
const READ_MS = 1_000;

/** A sight, with all instants by the time of day. */
export interface SeenSight extends LiveSight {
  readonly asOfMs: number;
  readonly nowMs: number;
}

export interface Followed {
  readonly verdicts: MinuteVerdict[];
  readonly sights: SeenSight[];
}

/** Plays a stream to a market as its process does: restart at each gap, look and judge every 400 ms, a read for each doubt. */
export function follow(deliveries: readonly Delivery[], untilMs: number): Followed {
  const follower = new Follower();
  let nowMs = deliveries[0]?.atMs ?? untilMs;
  for (const event of deliveries) {
    for (; nowMs < Math.min(event.atMs, untilMs); nowMs += TICK_MS) follower.tick(nowMs);
    follower.take(event);
  }
  return follower;
}

class Follower implements Followed {
  readonly verdicts: MinuteVerdict[] = [];
  readonly sights: SeenSight[] = [];
  private readonly market = new LiveMarket(MARKET);
  private readonly pulse = new StreamPulse();
  private sinceMs: number | undefined;
  private finalMs: number | undefined;
  private readonly reads = new Map<number, number>();

  take(event: Delivery): void {
    const atMonotonicMs = event.atMs - BEGIN_MS;
    if (event.kind === 'opened') {
      this.pulse.opened(atMonotonicMs);
      this.market.opened();
    }
    if (event.kind === 'lost') this.pulse.lost(atMonotonicMs);
    if (event.kind === 'frame' || event.kind === 'pulse') {
      const sentMs = event.kind === 'frame' ? sentMsOf(event.frame) : event.sentMs;
      const arrival = {
        atMonotonicMs,
        nowMs: event.atMs,
        ...(sentMs === undefined ? {} : { sentMs }),
      };
      const heardAtMs = this.pulse.heard(arrival);
      this.restartAfterGap();
      if (event.kind === 'frame') this.market.hear(event.frame, heardAtMs);
    }
  }

  tick(nowMs: number): void {
    const monotonicMs = nowMs - BEGIN_MS;
    const exchangeMs = this.pulse.exchangeMs(monotonicMs);
    const asOfMonotonicMs = this.pulse.asOf(monotonicMs);
    if (exchangeMs === undefined || asOfMonotonicMs === undefined) return;
    for (const verdict of this.market.judge(exchangeMs)) this.note(verdict, nowMs);
    this.market.finalUntil(this.finalUntilMs(nowMs));
    const sight = this.market.sight({ exchangeMs, asOfMonotonicMs });
    if (sight !== undefined) {
      this.sights.push({ ...sight, asOfMs: sight.asOfMonotonicMs + BEGIN_MS, nowMs });
    }
  }

  private note(verdict: MinuteVerdict, nowMs: number): void {
    this.verdicts.push(verdict);
    this.finalMs = Math.max(this.finalMs ?? 0, verdict.openMs + 60_000);
    if (verdict.kind === 'doubtful') this.reads.set(verdict.openMs, nowMs + READ_MS);
  }

  /** The first minute that waits for its read; without one, the first that is not judged. */
  private finalUntilMs(nowMs: number): number {
    for (const [openMs, readyMs] of this.reads) if (readyMs <= nowMs) this.reads.delete(openMs);
    return Math.min(this.finalMs ?? 0, ...this.reads.keys());
  }

  private restartAfterGap(): void {
    const sinceMs = this.pulse.steadySinceMs();
    if (sinceMs !== undefined && sinceMs !== this.sinceMs) this.market.restart(sinceMs);
    this.sinceMs = sinceMs;
  }
}
