import { SlidingWindow } from './sliding-window';

/** How often calls of one group may arrive from one address. */
interface Rule {
  readonly limit: number;
  readonly windowMs: number;
  /** The `min` of `Remaining-Req`, a relic that the exchange still prints. */
  readonly min: number;
}

const PER_SECOND: Rule = { limit: 10, windowMs: 1_000, min: 600 };
const RULES = {
  candles: PER_SECOND,
  market: PER_SECOND,
  ticker: PER_SECOND,
  'crix-trades': PER_SECOND,
  orderbook: PER_SECOND,
  /** Upgrades to the stream. */
  websocket: { limit: 5, windowMs: 1_000, min: 300 },
  origin: { limit: 1, windowMs: 10_000, min: 6 },
} satisfies Record<string, Rule>;

/** Addresses are remembered no longer than needed once there are this many. */
const MOST_WINDOWS = 10_000;

export type LimitGroup = keyof typeof RULES;

/** What the limit says to one call. */
export interface Admission {
  readonly isAdmitted: boolean;
  /** The text of the `Remaining-Req` header. */
  readonly remaining: string;
}

/** The exchange's patience: in any window at most so many admitted calls per address and group. A refused call does not use any up. */
export class CallLimits {
  private readonly windows = new Map<string, SlidingWindow>();

  /** Judges a call that arrived at `atMs`, on a clock that never goes back. */
  admit(address: string, group: LimitGroup, atMs: number): Admission {
    const window = this.windowOf(address, group, atMs);
    const isAdmitted = window.tryEnter(atMs);
    return { isAdmitted, remaining: remainingText(group, window.remainingAt(atMs)) };
  }

  private windowOf(address: string, group: LimitGroup, atMs: number): SlidingWindow {
    const key = `${address} ${group}`;
    const known = this.windows.get(key);
    if (known !== undefined) return known;
    if (this.windows.size >= MOST_WINDOWS) this.forgetIdle(atMs);
    const { limit, windowMs } = RULES[group];
    const window = new SlidingWindow(limit, windowMs);
    this.windows.set(key, window);
    return window;
  }

  private forgetIdle(atMs: number): void {
    for (const [key, window] of this.windows) {
      if (window.isIdleAt(atMs)) this.windows.delete(key);
    }
  }
}

/** The text of `Remaining-Req` for a call that is refused. */
export function spentText(group: LimitGroup): string {
  return remainingText(group, 0);
}

function remainingText(group: LimitGroup, left: number): string {
  return `group=${group}; min=${RULES[group].min}; sec=${left}`;
}
