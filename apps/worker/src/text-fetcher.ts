import type { TextAnswerCache } from '@candlekeep/candle-cache';
import type { Clock } from '@candlekeep/clock';
import type { CallTerms, UpbitRestClient } from '@candlekeep/exchange-client';
import { type TextJob, textAnswerName } from '@candlekeep/jobs';

export interface TextFetcherParts {
  readonly exchange: UpbitRestClient;
  readonly cache: TextAnswerCache;
  readonly clock: Clock;
}

/** The list of markets stays, so that gateways know it after a day without a question; other answers only until all who wait have read them. */
const TTL_MS = { markets: 7 * 24 * 3_600_000, forward: 10_000 } as const;

/** Fetches an answer that is passed on as text, unless it was seen recently enough. */
export class TextFetcher {
  constructor(private readonly parts: TextFetcherParts) {}

  async fetch(job: TextJob, terms: CallTerms): Promise<void> {
    const { cache, clock } = this.parts;
    const name = textAnswerName(job);
    const { nowMs, answer } = await cache.find(name);
    const readMonotonicMs = clock.monotonicMs();
    const isFresh =
      answer !== undefined && answer.seenAtMs >= job.freshSinceMs && answer.seenAtMs <= nowMs;
    if (isFresh) return;
    const { status, body, askedMonotonicMs } = await this.ask(job, terms);
    const seenAtMs = Math.floor(nowMs + askedMonotonicMs - readMonotonicMs);
    await cache.put(name, { status, body, seenAtMs }, TTL_MS[job.kind]);
  }

  private async ask(job: TextJob, terms: CallTerms) {
    const { exchange } = this.parts;
    if (job.kind === 'forward') return await exchange.forward({ ...job, ...terms });
    return { status: 200, ...(await exchange.getMarketList({ details: job.details, ...terms })) };
  }
}
