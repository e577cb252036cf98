import {
  CandleCache,
  CandleSource,
  type CandleAnswer,
  type CandleQuery,
  type CandleStore,
  type CandleWindow,
  type LoadDemand,
  type LoadOutcome,
  type LoadTarget,
} from '@candlekeep/candle-cache';
import type { Clock } from '@candlekeep/clock';
import { CandlekeepError, type Series } from '@candlekeep/market';
import { silentLogger } from '@candlekeep/telemetry';
import type { AnswerTimes } from '../live-day/answer-judge';
import { CallClaims } from './call-claims';
import type { ReplayCall } from './paced-exchange';
import type { Question } from './question';
import { type Answered, NOMINAL_MS, type Predicted } from './replay-tally';

export interface HouseParts {
  readonly clock: Clock;
  readonly tiers: ReplayTiers;
  /** The way to the exchange. */
  readonly source: CandleSource;
  /** Throws for an answer that is not the exchange's own. */
  readonly judge: (question: Question, answer: CandleAnswer, times: AnswerTimes) => void;
}

/** L1 and L2, real or in memory. */
export interface ReplayTiers {
  readonly window: CandleWindow;
  readonly store: CandleStore;
  /** As a cache server's restart does. */
  loseL1(): Promise<void>;
}

/** What stays of a variant that was played; the tiers that it ran over are let go. */
export interface HouseRecord {
  readonly calls: readonly ReplayCall[];
  readonly answers: readonly Answered[];
  readonly predictions: readonly Predicted[];
  /** Calls made early, and those of them that were of use to nobody. */
  readonly claims: { readonly made: number; readonly wasted: number };
}

/** Callers and preloaders over the real cache in virtual time, and what became of their questions. */
export class PreloadHouse {
  readonly calls: ReplayCall[] = [];
  readonly claims = new CallClaims();
  readonly answers: Answered[] = [];
  readonly predictions: Predicted[] = [];

  constructor(private readonly parts: HouseParts) {}

  get record(): HouseRecord {
    const { calls, answers, predictions } = this;
    const { made, wasted } = this.claims;
    return { calls, answers, predictions, claims: { made, wasted } };
  }

  get tiers(): ReplayTiers {
    return this.parts.tiers;
  }

  get source(): CandleSource {
    return this.parts.source;
  }

  /** The exchange has answered a call. */
  note(call: ReplayCall): void {
    this.calls.push(call);
    this.claims.note(call);
  }

  /** A caller asks, and its answer is held against the exchange's own. */
  async ask(question: Question): Promise<void> {
    const { clock } = this.parts;
    const askedMs = clock.nowMs();
    const watch: Watch = { calls: 0, stored: 0 };
    const query = queryOf(question);
    try {
      const answer = await this.cacheFor(watch).read({ ...query, caller: question.lane });
      this.parts.judge(question, answer, { askedMs, answeredMs: clock.nowMs() });
      this.lean(question, answer);
      const tier = watch.calls > 0 ? 'exchange' : watch.stored > 0 ? 'l2' : 'l1';
      this.answers.push({ question, tier, waitMs: clock.nowMs() - askedMs + NOMINAL_MS[tier] });
    } catch (error) {
      if (!(error instanceof CandlekeepError)) throw error;
      const waitMs = clock.nowMs() - askedMs + NOMINAL_MS.none;
      this.answers.push({ question, tier: 'none', waitMs });
    }
  }

  /** A question is asked early, by whoever does; tells as of when it was answered. */
  predict(series: Series, beforeMs: number): (asOfMs: number) => void {
    const predicted: Predicted = { series, beforeMs, askedMs: this.parts.clock.nowMs() };
    this.predictions.push(predicted);
    return (asOfMs) => {
      predicted.asOfMs = asOfMs;
    };
  }

  /** Asks the cache early, in the lane `preload`. */
  async askEarly(query: CandleQuery): Promise<CandleAnswer> {
    const answered = this.predict(query.series, query.beforeMs);
    const cache = this.cacheFor({ calls: 0, stored: 0 });
    const answer = await cache.read({ ...query, caller: 'preload' });
    answered(answer.asOfMs);
    return answer;
  }

  private lean({ series }: Question, { rows, asOfMs }: CandleAnswer): void {
    const [newest, oldest] = [rows[0], rows.at(-1)];
    if (newest === undefined || oldest === undefined) return;
    const untilMs = series.timeframe.closeOf(newest.openMs);
    this.claims.lean({ series, asOfMs, range: { fromMs: oldest.openMs, untilMs } });
  }

  private cacheFor(watch: Watch): CandleCache {
    const { clock, tiers } = this.parts;
    const store = watchedStore(tiers.store, watch);
    return new CandleCache({
      ...{ window: tiers.window, store, clock, log: silentLogger },
      source: new WatchedSource(this.parts.source, watch),
    });
  }
}

/** What one question needed. */
interface Watch {
  calls: number;
  stored: number;
}

class WatchedSource extends CandleSource {
  constructor(
    private readonly source: CandleSource,
    private readonly watch: Watch,
  ) {
    super();
  }

  override async load(target: LoadTarget, demand: LoadDemand): Promise<LoadOutcome> {
    if (target.kind === 'fold') this.watch.stored += 1;
    else this.watch.calls += 1;
    return await this.source.load(target, demand);
  }
}

function watchedStore(store: CandleStore, watch: Watch): CandleStore {
  return new Proxy(store, {
    get: (target, name) => {
      if (name === 'read') watch.stored += 1;
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]): unknown => Reflect.apply(value, target, args);
    },
  });
}

function queryOf({ series, beforeMs, count, maxAgeMs, staleIfErrorMs }: Question): CandleQuery {
  const stale = staleIfErrorMs === undefined ? {} : { staleIfErrorMs };
  return { series, beforeMs, count, maxAgeMs, onlyIfCached: false, ...stale };
}
