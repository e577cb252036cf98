import type { TextAnswerCache } from '@candlekeep/candle-cache';
import type { Clock } from '@candlekeep/clock';
import { type FetchRequester, textAnswerName } from '@candlekeep/jobs';
import { isMarketCode, type MarketCode } from '@candlekeep/market';
import type { Logger } from '@candlekeep/telemetry';
import { z } from 'zod';
import type { MarketChoice } from './env';

export interface FollowedMarketsParts {
  readonly choice: MarketChoice;
  readonly requester: Pick<FetchRequester, 'request'>;
  readonly answers: Pick<TextAnswerCache, 'find'>;
  readonly clock: Clock;
  readonly log: Logger;
}

/** How old the exchange's list of markets may be, ms. */
const MAX_AGE_MS = 10 * 60_000;
/** To begin with, so that a new leader does not wait for a worker, ms. */
const BEGIN_WITH_AGE_MS = 24 * 3_600_000;
const PATIENT_LOOKS = 10;
const WAITING =
  'the list of markets is waited for (LIVE_MARKETS is *): does a worker run, and does it reach the exchange?';
/** Between two looks at a list that is on its way, ms. */
const LOOK_AGAIN_MS = 500;
const PATIENCE_MS = 10_000;
const REFUSED_REST_MS = 5_000;

const list = z.array(z.object({ market: z.string() }));

/** Which markets are to be followed now. */
export class FollowedMarkets {
  constructor(private readonly parts: FollowedMarketsParts) {}

  /** The chosen ones, or those of the exchange's list as it was a day ago or later. Waits for a list until `signal` aborts. */
  async read(signal: AbortSignal): Promise<readonly MarketCode[]> {
    return await this.readList(BEGIN_WITH_AGE_MS, signal);
  }

  /** The same, of a list that is ten minutes old at most. */
  async readAnew(signal: AbortSignal): Promise<readonly MarketCode[]> {
    return await this.readList(MAX_AGE_MS, signal);
  }

  private async readList(maxAgeMs: number, signal: AbortSignal): Promise<readonly MarketCode[]> {
    const { choice, clock, log } = this.parts;
    if (choice !== 'all-krw') return choice;
    for (let looks = 1; ; looks += 1) {
      const found = await this.find(maxAgeMs, signal);
      if (found !== undefined) return found;
      if (looks === PATIENT_LOOKS) log.warn(WAITING);
      await clock.sleep(LOOK_AGAIN_MS, signal);
    }
  }

  /** Brought by whichever worker takes the job. */
  private async find(
    maxAgeMs: number,
    signal: AbortSignal,
  ): Promise<readonly MarketCode[] | undefined> {
    signal.throwIfAborted();
    const question = { kind: 'markets', details: false } as const;
    try {
      const name = textAnswerName({ ...question, freshSinceMs: 0 });
      const { nowMs, answer } = await this.parts.answers.find(name);
      const freshSinceMs = Math.max(0, nowMs - maxAgeMs);
      if (answer !== undefined && answer.seenAtMs >= freshSinceMs) return krwMarkets(answer.body);
      const demand = { waitMs: PATIENCE_MS, lane: 'refresh' } as const;
      await this.parts.requester.request({ ...question, freshSinceMs }, demand);
    } catch (error) {
      signal.throwIfAborted();
      this.parts.log.warn('the list of markets did not come; it is asked for again', { error });
      await this.parts.clock.sleep(REFUSED_REST_MS, signal);
    }
    return undefined;
  }
}

/** In the alphabet's order, so that two lists can be compared. */
function krwMarkets(body: string): readonly MarketCode[] {
  const codes = list.parse(JSON.parse(body)).map(({ market }) => market);
  return codes
    .filter(isMarketCode)
    .filter((code) => code.startsWith('KRW-'))
    .sort();
}
