import type { CandleQuery, CandleStore, CandleWindow } from '@candlekeep/candle-cache';
import { type MarketCode, type Series, seriesName } from '@candlekeep/market';
import { ChaosSource, type HeldJob } from './chaos-source';
import { GatedExchange } from './gated-exchange';
import { inTime } from './in-time';
import { MarketModel } from './market-model';
import { type ReadActor, ReadEndings } from './read-endings';
import type { RunParts, RunStart } from './run-start';
import { Stack } from './stack';
import { Actor, FREELY, type Leave, Stage } from './stage';
import type { LostPart } from './tiers';
import { Untrue } from './truth';
import { TellingWindow } from './telling-window';
import { Upkeep } from './upkeep';
import { VirtualTime } from './virtual-time';
import { DAY_MS } from './world';
import { LONGEST_RUN_MS } from './worlds';

/** So many reads and jobs at once, held at some step, are enough for any race. */
const MOST_ACTORS = 8;

/** All windows of a run fit into this. */
const EVERYTHING_BYTES = 20_000_000;

/** One run of the real stack against the model: each move of a test is a method, and every answer is judged at once. */
export class Run {
  readonly time: VirtualTime;
  readonly source: ChaosSource;
  readonly upkeep: Upkeep;
  /** Every question so far, and the gateway that it went to. */
  readonly asked: { readonly query: CandleQuery; readonly gateway: number }[] = [];
  private readonly stage = new Stage();
  private readonly exchange: GatedExchange;
  private readonly models: ReadonlyMap<MarketCode, MarketModel>;
  private readonly window: CandleWindow;
  private readonly store: CandleStore;
  private readonly endings: ReadEndings;
  private stack: Stack;
  private reads: ReadActor[] = [];
  private jobs: { actor: Actor; begunMs: number }[] = [];
  private readonly isForgetful: boolean;
  private move = 0;
  private setbacks = 0;
  private failure: Error | undefined;

  constructor(
    private readonly parts: RunParts,
    private readonly start: RunStart,
  ) {
    this.isForgetful = start.size.maxBytes < EVERYTHING_BYTES;
    this.time = new VirtualTime(start.startMs, start.cacheOffsetMs);
    this.time.turnProcessClock(start.processOffsetMs);
    this.models = new Map(
      [...parts.worlds].map(([code, world]) => [code, new MarketModel(world, this.time)]),
    );
    const { stage, time } = this;
    const markets = new Map([...this.models].map(([code, { market }]) => [code, market]));
    const onRead = (market: MarketCode): void => {
      parts.counts.calls += 1;
      this.models.get(market)?.truth.noteRead(time.trueMs);
    };
    this.endings = new ReadEndings({
      ...{ counts: parts.counts, models: this.models, time, isForgetful: this.isForgetful },
      onUntrue: (error, actor) => {
        this.fail(error, actor);
      },
    });
    this.exchange = new GatedExchange({ markets, time, stage, onRead });
    this.source = new ChaosSource({
      stage,
      work: (target) => this.stack.work(target),
      nowMs: () => time.monotonicMs(),
      onActor: (actor) => this.jobs.push({ actor, begunMs: time.trueMs }),
      onUnforeseen: (error, actor) => {
        this.fail(error, actor);
      },
    });
    const { changes } = parts.tiers;
    const window = new TellingWindow(
      parts.tiers.openWindow(time, start.size),
      () => changes.take(),
      (told) => {
        if (parts.faults?.areGatewaysDeaf === undefined) this.stack.tell(told);
      },
    );
    this.window = parts.faults?.window?.(window) ?? window;
    this.store = parts.faults?.store?.(parts.tiers.store) ?? parts.tiers.store;
    this.stack = this.openStack();
    this.upkeep = new Upkeep({
      ...{ stage, time, store: this.store, models: this.models },
      stack: () => this.stack,
      jobs: () => this.jobs,
      move: () => this.move,
      onUnforeseen: (error, actor) => {
        this.fail(error, actor);
      },
    });
  }

  /** The one that is asked for most of the time, then the others. */
  get markets(): readonly MarketCode[] {
    const codes = [...this.models.keys()];
    return [...codes.slice(this.start.market), ...codes.slice(0, this.start.market)];
  }

  get codes(): readonly string[] {
    return this.start.codes;
  }

  get canAct(): boolean {
    return this.reads.length + this.jobs.length < MOST_ACTORS;
  }

  /** Whether the worlds go on for long enough. */
  get hasTime(): boolean {
    return this.time.monotonicMs() < LONGEST_RUN_MS - 4 * DAY_MS;
  }

  /** Those that would go on if they were let. */
  get heldActors(): readonly Actor[] {
    return [...this.reads, ...this.jobs].map(({ actor }) => actor).filter((actor) => actor.canGoOn);
  }

  /** One move: throws at its end what went wrong in it. */
  async act(work: () => Promise<void>): Promise<void> {
    this.move += 1;
    this.parts.counts.steps += 1;
    // A small window forgets whenever it must.
    if (this.isForgetful) this.noteLoss();
    await this.parts.tiers.moveTo(this.time.cacheMs);
    await inTime(work(), () => [...this.reads, ...this.jobs].map(({ actor }) => String(actor)));
    this.reads = this.reads.filter(({ actor }) => !actor.hasEnded);
    this.jobs = this.jobs.filter(({ actor }) => !actor.hasEnded);
    if (this.failure !== undefined) throw this.failure;
  }

  /** A question to a gateway. */
  async read(query: CandleQuery, gateway: number, leave: Leave): Promise<Actor> {
    const cache = this.stack.gateway(gateway);
    const actor = new Actor(`read ${seriesName(query.series)} ${print(query)}`);
    const read = {
      query,
      actor,
      move: this.move,
      firstCacheMs: this.time.cacheMs,
      setbacks: this.setbacks,
    };
    this.reads.push(read);
    this.asked.push({ query, gateway });
    this.parts.counts.reads += 1;
    await this.stage.begin(actor, leave, async () => {
      try {
        const { answer, tier } = await cache.read(query);
        this.endings.judge(read, answer, { tier, move: this.move });
      } catch (error) {
        this.endings.judgeFailure(error, read, this.setbacks);
      }
    });
    return actor;
  }

  /** Lets whatever a read waits for happen, until it has ended. */
  async seeThrough(actor: Actor): Promise<void> {
    for (let round = 0; round < 60 && !actor.hasEnded; round += 1) {
      const job = this.source.jobOf(actor);
      if (job !== undefined) await this.source.run(job, FREELY);
      if (actor.canGoOn) await actor.go(FREELY);
    }
    await this.wake();
  }

  async serve(job: HeldJob, leave: Leave): Promise<void> {
    await this.source.run(job, leave);
    await this.wake();
  }

  async resume(actor: Actor, leave: Leave): Promise<void> {
    await actor.go(leave);
    await this.wake();
  }

  async lose(job: HeldJob): Promise<void> {
    this.source.lose(job);
    await this.wake();
  }

  async pass(ms: number): Promise<void> {
    this.time.advance(ms);
    await this.parts.tiers.moveTo(this.time.cacheMs);
    this.source.expire();
    await this.wake();
  }

  turnCacheClock(byMs: number): void {
    this.time.turnCacheClock(byMs);
    this.setbacks += 1;
    for (const read of this.reads) {
      read.firstCacheMs = Math.min(read.firstCacheMs, this.time.cacheMs);
    }
  }

  /** L1 forgets a part of one series, or everything. */
  async loseKeys(series: Series | undefined, part: LostPart): Promise<void> {
    if (series === undefined) await this.parts.tiers.flushCache();
    else await this.parts.tiers.dropKeys(series, part);
    this.noteLoss();
  }

  /** A gateway hears no longer what changes in L1, or again. */
  toggleHearing(gateway: number): void {
    this.stack.gateway(gateway).toggleHearing();
  }

  private noteLoss(): void {
    this.setbacks += 1;
    for (const { truth, doubts } of this.models.values()) {
      truth.noteLoss();
      doubts.noteLoss(this.reads.map(({ actor }) => actor));
    }
  }

  /** Every process dies and is started anew; the queue has their jobs run again. */
  async restart(): Promise<void> {
    for (const { actor } of [...this.jobs, ...this.reads]) {
      actor.kill();
      if (actor.canGoOn) await actor.go(FREELY);
    }
    this.reads = [];
    this.stack = this.openStack();
    await this.wake();
  }

  /** Everything that is under way comes to its end. */
  async drain(): Promise<void> {
    await this.act(async () => {
      for (let round = 0; round < 200; round += 1) {
        const [actor] = this.heldActors;
        const [job] = this.source.jobs;
        if (actor !== undefined) await actor.go(FREELY);
        else if (job !== undefined) await this.source.run(job, FREELY);
        else break;
      }
      const open = [...this.reads, ...this.jobs].find(({ actor }) => !actor.hasEnded);
      if (open !== undefined) this.fail(new Untrue('this does not come to its end'), open.actor);
    });
  }

  private openStack(): Stack {
    const { time, stage, exchange, source, window, store } = this;
    const onCorrection = (market: MarketCode): void => {
      this.models.get(market)?.truth.noteLoss();
    };
    const { l0MaxBytes } = this.start;
    return new Stack({ time, stage, exchange, source, window, store, l0MaxBytes, onCorrection });
  }

  /** Reads that have word of their load go on. */
  private async wake(): Promise<void> {
    for (const { actor } of this.reads) {
      if (actor.isWoken) await actor.go(FREELY);
    }
  }

  private fail(error: unknown, actor?: Actor): void {
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.failure ??= new Untrue(`${reason}\n  at ${iso(this.time.trueMs)}, by ${String(actor)}`);
  }
}

function print({ beforeMs, count, maxAgeMs }: CandleQuery): string {
  return `${count} before ${iso(beforeMs)} max-age ${maxAgeMs}`;
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
