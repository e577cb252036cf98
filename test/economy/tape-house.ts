import { isDeepStrictEqual } from 'node:util';
import { ManualClock } from '@candlekeep/clock';
import { seriesName } from '@candlekeep/market';
import { MemoryHouse } from '../support/memory-house';
import type { Tapes } from '../support/tape';
import { type Call, TapeExchange } from '../support/tape-exchange';
import type { TimedRequest } from './timed-request';

/** The product over an exchange of tapes, in virtual time. */
export class TapeHouse {
  private readonly clock: ManualClock;
  private readonly exchange: TapeExchange;
  private readonly house: MemoryHouse;

  constructor(tapes: Tapes, startMs: number) {
    this.clock = new ManualClock(startMs);
    this.exchange = new TapeExchange(tapes, this.clock);
    this.house = new MemoryHouse(this.exchange, this.clock);
  }

  get calls(): readonly Call[] {
    return this.exchange.calls;
  }

  /** Answers the requests, in the order of their times; those of one instant at once. Rejects when an answer is wrong. */
  async answer(requests: readonly TimedRequest[]): Promise<void> {
    const byInstant = new Map<number, TimedRequest[]>();
    for (const request of requests) {
      const ofInstant = byInstant.get(request.atMs) ?? [];
      ofInstant.push(request);
      byInstant.set(request.atMs, ofInstant);
    }
    for (const [atMs, ofInstant] of [...byInstant].sort(([a], [b]) => a - b)) {
      await this.clock.advance(atMs - this.clock.nowMs());
      await Promise.all(ofInstant.map((request) => this.answerOne(request)));
    }
  }

  /** Starts anew with an empty L1; what L2 holds stays. */
  restart(): void {
    this.house.restart();
  }

  private async answerOne(request: TimedRequest): Promise<void> {
    const { series, beforeMs, count, maxAgeMs } = request;
    const query = { series, beforeMs, count, maxAgeMs, onlyIfCached: false };
    const { rows, asOfMs } = await this.house.cache.read(query);
    const truth = this.exchange.show(series, { beforeMs, count }, asOfMs);
    const nowMs = this.clock.nowMs();
    if (asOfMs < nowMs - maxAgeMs || !isDeepStrictEqual(rows, truth)) {
      throw new Error(`${seriesName(series)} was answered wrongly at ${nowMs}`);
    }
  }
}
