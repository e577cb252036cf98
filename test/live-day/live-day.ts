import { CandleCache } from '@candlekeep/candle-cache';
import { ManualClock } from '@candlekeep/clock';
import { Reconciler } from '@candlekeep/history';
import type { MarketCode } from '@candlekeep/market';
import { CandlekeepError } from '@candlekeep/market';
import { type Logger, silentLogger } from '@candlekeep/telemetry';
import { StreamFaults } from '../../apps/exchange-simulator/src/stream/stream-faults';
import { FetchedPageReader } from '../../apps/worker/src/history/fetched-page-reader';
import { PageFetcher } from '../../apps/worker/src/page-fetcher';
import { SeriesFolder } from '../../apps/worker/src/series-folder';
import { DirectSource } from '../support/direct-source';
import { SeededRandom } from '../support/seeded-random';
import { AnswerJudge } from './answer-judge';
import { DayExchange } from './day-exchange';
import { DayFrames } from './day-frames';
import { DayTally } from './day-tally';
import { DayTerm } from './day-term';
import type { DayRequest } from './day-work';
import { DayWorld } from './day-world';
import { WatchedStore, WatchedWindow } from './watched-tiers';

/** Something that is done to the day at an instant. */
export interface Deed {
  readonly atMs: number;
  readonly act: (day: LiveDay) => unknown;
}

export interface DayPlan {
  readonly seed: number;
  readonly fromMs: number;
  readonly untilMs: number;
  readonly requests: readonly DayRequest[];
  /** Followed by the stream; none: a day without it. */
  readonly followed: readonly MarketCode[];
  /** Listed beside the shipped markets. */
  readonly listed?: readonly MarketCode[];
  /** REST answers take no time. */
  readonly isInstant?: boolean;
  readonly deeds?: readonly Deed[];
  readonly log?: Logger;
}

const SECOND_MS = 1_000;
const ROUND_MS = 60_000;

/** A day of the product over the simulated exchange, in virtual time. */
export class LiveDay {
  readonly clock: ManualClock;
  readonly world: DayWorld;
  readonly faults = new StreamFaults();
  readonly exchange: DayExchange;
  readonly store: WatchedStore;
  readonly window: WatchedWindow;
  readonly judge: AnswerJudge;
  readonly tally = new DayTally();
  readonly terms: DayTerm[] = [];
  readonly source: DirectSource;
  /** No connection can be opened. */
  isStreamAway = false;
  private readonly frames: DayFrames;
  private readonly cache: CandleCache;
  private readonly reconciler: Reconciler;
  private readonly random: SeededRandom;
  private readonly log: Logger;
  private readonly asking = new Set<Promise<void>>();

  constructor(private readonly plan: DayPlan) {
    const { seed, fromMs, log = silentLogger } = plan;
    const world = (this.world = new DayWorld(plan.listed));
    const clock = (this.clock = new ManualClock(fromMs));
    this.log = log;
    this.random = new SeededRandom(seed);
    const exchange = (this.exchange = new DayExchange(
      world,
      clock,
      plan.isInstant ? undefined : this.random,
    ));
    const store = (this.store = new WatchedStore(clock, world));
    const window = (this.window = new WatchedWindow(clock));
    this.judge = new AnswerJudge(world);
    this.frames = new DayFrames(world, plan.followed, fromMs);
    const tiers = { store, window, clock, log };
    const pages = new PageFetcher({ ...tiers, exchange });
    const folder = new SeriesFolder(tiers);
    this.source = new DirectSource({ pages, folder, note: () => undefined });
    this.cache = new CandleCache({ ...tiers, source: this.source });
    this.reconciler = new Reconciler({
      ...{ store, clock, log },
      reader: new FetchedPageReader(pages),
      totals: { add: () => Promise.resolve() },
      nowMs: () => Promise.resolve(clock.nowMs()),
    });
  }

  /** Lives the day; rejects with what must not happen. */
  async run(): Promise<void> {
    const { fromMs, untilMs, followed } = this.plan;
    const { signal } = new AbortController();
    let round: Promise<unknown> | undefined;
    const stopRounds = this.clock.every(ROUND_MS, () => {
      round ??= this.reconciler.run(signal).finally(() => (round = undefined));
    });
    if (followed.length > 0) this.lead();
    const events = this.eventsInOrder();
    for (let atMs = fromMs; atMs < untilMs; atMs += SECOND_MS) {
      this.send(atMs);
      await this.live(events, atMs + SECOND_MS);
    }
    for (const term of this.terms) term.end();
    stopRounds();
    await this.clock.advance(SECOND_MS * 30);
    await Promise.all(this.asking);
  }

  /** A new leader, with a larger token; an old one finds out by itself. */
  lead(): DayTerm {
    const { store, window, source, clock, faults, random, log } = this;
    const markets = this.plan.followed;
    const parts = { markets, store, window, source, clock, faults, random, log };
    const term = new DayTerm(parts, this.terms.length + 1);
    this.terms.push(term);
    return term;
  }

  /** Cuts every connection to the stream. */
  cut(): void {
    for (const { link } of this.terms) link.cut();
  }

  /** What leaves the exchange in the second that begins now. */
  private send(nowMs: number): void {
    const second = { fromMs: nowMs, untilMs: nowMs + SECOND_MS };
    const terms = this.terms.filter(({ isOver }) => !isOver);
    const isDue = ({ link }: DayTerm): boolean => (link.opensAtMs ?? Infinity) <= nowMs;
    const opening = this.isStreamAway ? [] : terms.filter(isDue);
    for (const { link } of opening) {
      link.open(nowMs);
      link.take(this.frames.snapshots(nowMs), nowMs);
    }
    const open = terms.filter(({ link }) => link.opensAtMs === undefined);
    if (open.length === 0) return;
    const frames = this.frames.within(second);
    for (const { link } of open) link.take(frames, second.untilMs);
  }

  /** Frames, questions and deeds up to an instant, each at its time. */
  private async live(events: Deed[], untilMs: number): Promise<void> {
    for (;;) {
      const heard = this.terms
        .filter(({ isOver }) => !isOver)
        .reduce<DayTerm | undefined>(
          (first, term) =>
            term.link.nextArrivalMs < (first?.link.nextArrivalMs ?? Infinity) ? term : first,
          undefined,
        );
      const arrivalMs = heard?.link.nextArrivalMs ?? Infinity;
      const eventMs = events.at(-1)?.atMs ?? Infinity;
      const nextMs = Math.min(arrivalMs, eventMs);
      if (nextMs >= untilMs) break;
      await this.passTo(nextMs);
      // Time that passed may have ended the connection.
      if (arrivalMs <= eventMs) {
        if (heard?.isOver === false && heard.link.nextArrivalMs <= nextMs) heard.link.hearNext();
      } else {
        await events.pop()?.act(this);
        // What it began goes as far as it can before time goes on.
        await this.clock.advance(0);
      }
    }
    await this.passTo(untilMs);
  }

  private async passTo(ms: number): Promise<void> {
    const leftMs = ms - this.clock.nowMs();
    if (leftMs > 0) await this.clock.advance(leftMs);
  }

  /** The next one last. */
  private eventsInOrder(): Deed[] {
    const { requests, deeds = [] } = this.plan;
    const asks = requests.map((request): Deed => ({
      atMs: request.atMs,
      act: () => {
        const asking = this.ask(request).finally(() => this.asking.delete(asking));
        this.asking.add(asking);
      },
    }));
    return [...asks, ...deeds].sort((a, b) => b.atMs - a.atMs);
  }

  private async ask(request: DayRequest): Promise<void> {
    const askedMs = this.clock.nowMs();
    try {
      const answer = await this.cache.read({ ...request, onlyIfCached: false });
      const answeredMs = this.clock.nowMs();
      const verdict = this.judge.judge(request, answer, { askedMs, answeredMs });
      this.tally.answered(request, answer, verdict);
    } catch (error) {
      if (!(error instanceof CandlekeepError)) throw error;
      this.tally.refused(request, error.code);
    }
  }
}
