import { DecayedCount } from './decayed-count';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const HALF_LIFE_DAYS = 7;

/** All requests by the UTC hour of day in which they came; half is forgotten in a week. */
export class HourlyRequests {
  private readonly hours: readonly DecayedCount[];

  constructor(states: readonly (readonly [number, number])[] = []) {
    this.hours = Array.from({ length: 24 }, (_, hour) => {
      const [value, listenedMs] = states[hour] ?? [0, 0];
      return new DecayedCount(HALF_LIFE_DAYS, value, listenedMs);
    });
  }

  get state(): readonly (readonly [number, number])[] {
    return this.hours.map(({ state }) => state);
  }

  add(requests: number, atMs: number, listenedMs: number): void {
    this.hours[Math.floor(atMs / HOUR_MS) % 24]?.add(requests, listenedMs);
  }

  /** Requests a day by hour, from 00:00 UTC. On the first day, what was heard of it: each hour comes once. */
  perDay(listenedMs: number): readonly number[] {
    return this.hours.map((count) => count.perDay(listenedMs, DAY_MS));
  }
}
