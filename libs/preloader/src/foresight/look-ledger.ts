import type { MarketCode } from '@candlekeep/market';
import type { UsageNote } from '@candlekeep/usage';
import type { Ask } from './ask';

/** One look that was made early: what it brought serves until it is too old for all it was made for. */
interface Look {
  readonly atMs: number;
  readonly untilMs: number;
  isUsed: boolean;
}

/** Of looks made early so many may be in vain, one in twelve: less than a tenth, with room for what the count here cannot see. */
const VAIN = 1 / 12;
/** A look is counted when notes of its time have come, ms. */
const NOTES_WITHIN_MS = 3_000;
/** Closed candles serve for longer; nobody waits for that, ms. */
const LONGEST_MS = 60_000;
/** A look in vain raises what is demanded of the next ones by so much; used ones lower it until the share is as it may be. */
const STEP = 0.02;
const FIRST_LEAST = 0.75;
const LOWEST_LEAST = 0.5;
const HIGHEST_LEAST = 0.95;

/**
 * Which looks that were made early were of use to anybody, and what is demanded of the next ones therefore: chances are guesses, and how good
 * they are differs from house to house. What is demanded settles where the allowed share is in vain.
 */
export class LookLedger {
  private readonly open = new Map<MarketCode, Look[]>();
  private least = FIRST_LEAST;

  /** The least chance of use that a look is made for, 0 to 1. */
  get leastWorth(): number {
    return this.least;
  }

  /** These were asked together, of one market. */
  made(asks: readonly Ask[], nowMs: number): void {
    const [first] = asks;
    if (first === undefined) return;
    const { market } = first.series;
    const longestMs = Math.max(
      ...asks.map(({ back, maxAgeMs }) => (back > 0 ? LONGEST_MS : maxAgeMs)),
    );
    const looks = this.open.get(market) ?? [];
    looks.push({ atMs: nowMs, untilMs: nowMs + Math.min(longestMs, LONGEST_MS), isUsed: false });
    this.open.set(market, looks);
  }

  /** A look of `atMs` was not made after all: that nobody used it tells nothing. */
  forget({ series: { market } }: Ask, atMs: number): void {
    const looks = this.open.get(market) ?? [];
    this.open.set(
      market,
      looks.filter((look) => look.atMs !== atMs),
    );
  }

  /** Somebody asked: whichever look is young enough for them was of use. */
  heed({ series, atMs, maxAgeMs, back }: UsageNote): void {
    const lastsMs = back > 0 ? LONGEST_MS : maxAgeMs;
    for (const look of this.open.get(series.market) ?? []) {
      if (atMs >= look.atMs && atMs <= Math.min(look.untilMs, look.atMs + lastsMs))
        look.isUsed = true;
    }
  }

  /** Counts what nobody can use any more. To be called now and then. */
  settle(nowMs: number): void {
    for (const [market, looks] of this.open) {
      const left = looks.filter((look) => look.untilMs > nowMs - NOTES_WITHIN_MS);
      for (const look of looks) if (!left.includes(look)) this.count(look);
      if (left.length > 0) this.open.set(market, left);
      else this.open.delete(market);
    }
  }

  private count({ isUsed }: Look): void {
    const least = this.least + STEP * ((isUsed ? 0 : 1) - VAIN);
    this.least = Math.min(HIGHEST_LEAST, Math.max(LOWEST_LEAST, least));
  }
}
