import type { CandleQuery } from '@candlekeep/candle-cache';
import { CandlekeepError } from '@candlekeep/market';
import type { Foresight, ForesightParts, Variant } from './foresight';
import type { Question } from './question';

interface EarlyAsk {
  readonly atMs: number;
  readonly query: CandleQuery;
}

/**
 * Knows every question and asks it early in the lane `preload`: by the time that two calls take, one after the other, each as long as all but
 * one in a hundred; or, where the caller wants it younger, as early as that allows. What any preloader could reach at most, but for the order in which it asks.
 */
export function clairvoyant(name: string, questions: readonly Question[], p99Ms: number): Variant {
  const asks = questions.map((question) => earlyAsk(question, p99Ms));
  return { name, open: (parts) => new Clairvoyant(asks, parts) };
}

/** The same where the stream shows the present anyway: only what is lacking below it is asked for. */
export function clairvoyantOfPages(
  name: string,
  questions: readonly Question[],
  p99Ms: number,
): Variant {
  const asks = questions.map((question) => {
    const { atMs, query } = earlyAsk(question, p99Ms);
    return { atMs, query: { ...query, maxAgeMs: question.maxAgeMs } };
  });
  return { name, open: (parts) => new Clairvoyant(asks, parts) };
}

class Clairvoyant implements Foresight {
  private readonly asks: readonly EarlyAsk[];

  constructor(
    asks: readonly EarlyAsk[],
    private readonly parts: ForesightParts,
  ) {
    this.asks = asks.toSorted((a, b) => a.atMs - b.atMs);
  }

  async start(): Promise<void> {
    const { clock, house } = this.parts;
    const asking: Promise<unknown>[] = [];
    for (const { atMs, query } of this.asks) {
      if (atMs > clock.nowMs()) await clock.sleep(atMs - clock.nowMs());
      asking.push(house.askEarly(query).catch(ignoreRefusal));
    }
    await Promise.all(asking);
  }
}

function earlyAsk(question: Question, p99Ms: number): EarlyAsk {
  const { series, beforeMs, count, maxAgeMs, atMs } = question;
  const aheadMs = Math.min(2 * p99Ms, maxAgeMs);
  const query = { series, beforeMs, count, maxAgeMs: maxAgeMs - aheadMs, onlyIfCached: false };
  return { atMs: atMs - aheadMs, query };
}

/** The exchange may be away: then it cannot be helped. */
function ignoreRefusal(error: unknown): void {
  if (!(error instanceof CandlekeepError)) throw error;
}
