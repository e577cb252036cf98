import type { Clock } from '@candlekeep/clock';
import type { Logger } from '@candlekeep/telemetry';
import { LoadTooSlow, NoProgress, NotCached } from './cache-errors';
import type { AnswerSource, CandleAnswer, CandleQuery } from './candle-query';
import type { CandleSource, LoadTarget } from './candle-source';
import type { CandleStore, FinalPage } from './candle-store';
import type { CandleWindow, WindowSight } from './candle-window';
import { joinKnown, type KnownCandles } from './known-candles';
import { type Instants, planRead, type ReadPlan } from './plan-read';

export interface CandleCacheParts {
  readonly window: CandleWindow;
  readonly store: CandleStore;
  readonly source: CandleSource;
  readonly clock: Clock;
  readonly log: Logger;
  /** How long a caller waits for the exchange in all, ms. Default 8,000. */
  readonly patienceMs?: number;
}

/** Below the 10 s after which common clients hang up, so that they learn why. */
const PATIENCE_MS = 8_000;
/** A query of 200 rows needs a head and at most a few tiles; more loads than this mean that they do not help. */
const MAX_LOADS = 8;

/** A tile that was loaded and still lacks what it was chosen for will lack it again. Twice, since another's sight may have come between. */
const MAX_LOADS_OF_A_TILE = 2;

type Complete = Extract<ReadPlan, { kind: 'complete' }>;
type Load = Exclude<ReadPlan, { kind: 'complete' }>;

/** A question in, candles out: L1, then L2, then as few pages of the exchange as answer it. */
export class CandleCache {
  constructor(private readonly parts: CandleCacheParts) {}

  /** Answers as the exchange would, at most `maxAgeMs` ago. Rejects with the reason when it cannot; never with fewer rows. */
  async read(query: CandleQuery): Promise<CandleAnswer> {
    const journey = new Journey(query, this.parts);
    for (;;) {
      const answer = await journey.look();
      if (answer !== undefined) return answer;
      await journey.load();
    }
  }
}

/** One query's way through the tiers. */
class Journey {
  private readonly startMs: number;
  private readonly patienceMs: number;
  private freshSinceMs: number | undefined;
  private plan: Load = { kind: 'refresh-head' };
  private source: AnswerSource = 'l1';
  private collapsed = false;
  /** A load that gave no word is asked for again, and then joins itself. */
  private isAskingAgain = false;
  private loads = 0;
  private readonly tileLoads = new Map<number, number>();

  constructor(
    private readonly query: CandleQuery,
    private readonly parts: CandleCacheParts,
  ) {
    this.startMs = parts.clock.monotonicMs();
    this.patienceMs = parts.patienceMs ?? PATIENCE_MS;
  }

  /** Looks at L1 and, for closed candles that it lacks, at L2. */
  async look(): Promise<CandleAnswer | undefined> {
    const { window } = this.parts;
    const { series, beforeMs, count, maxAgeMs } = this.query;
    const sight = await window.read(series, beforeMs, count);
    this.freshSinceMs ??= sight.nowMs - maxAgeMs;
    const instants = { nowMs: sight.nowMs, freshSinceMs: this.freshSinceMs };
    let plan = planRead(this.query, sight, instants);
    if (plan.kind === 'load-tile') plan = await this.lookInStore(sight, instants);
    if (plan.kind === 'complete') return this.answer(plan, sight.nowMs);
    this.plan = plan;
    return undefined;
  }

  /** Has the planned page loaded. One instant of freshness holds for the whole journey, so a load is never too old on arrival. */
  async load(): Promise<void> {
    const { series, onlyIfCached } = this.query;
    if (onlyIfCached) throw new NotCached(series);
    const waitedMs = this.parts.clock.monotonicMs() - this.startMs;
    if (waitedMs >= this.patienceMs) throw new LoadTooSlow(series, this.patienceMs);
    if (this.isGoingInCircles()) throw new NoProgress(series, this.loads);
    const outcome = await this.parts.source.load(this.target(), this.patienceMs - waitedMs);
    this.source = 'exchange';
    if (!this.isAskingAgain) this.collapsed ||= outcome.collapsed;
    this.isAskingAgain = outcome.kind === 'no-word';
    if (outcome.kind === 'loaded') this.countLoad();
  }

  private countLoad(): void {
    this.loads += 1;
    if (this.plan.kind !== 'load-tile') return;
    const { untilMs } = this.plan;
    this.tileLoads.set(untilMs, (this.tileLoads.get(untilMs) ?? 0) + 1);
  }

  /** Whether the planned page, or so many pages at all, have been loaded without an answer. */
  private isGoingInCircles(): boolean {
    const { plan } = this;
    const ofTile = plan.kind === 'load-tile' ? (this.tileLoads.get(plan.untilMs) ?? 0) : 0;
    return this.loads >= MAX_LOADS || ofTile >= MAX_LOADS_OF_A_TILE;
  }

  private async lookInStore(sight: WindowSight, instants: Instants): Promise<ReadPlan> {
    const { series, beforeMs, count } = this.query;
    const stored = await this.parts.store.read(series, { beforeMs, limit: count });
    const known = joinKnown(sight, stored);
    const plan = planRead(this.query, known, instants);
    if (plan.kind !== 'complete') return plan;
    if (this.source === 'l1') this.source = 'l2';
    await this.fillWindow(sight, finalsOf(this.query, known, plan));
    return plan;
  }

  /** What L2 brought goes into L1 for the next caller, unless L1 is full of newer rows; without it this answer is no less right. */
  private async fillWindow({ keptFromMs }: WindowSight, page: FinalPage): Promise<void> {
    if (page.covered.untilMs <= keptFromMs) return;
    try {
      await this.parts.window.fill(page);
    } catch (error) {
      this.parts.log.warn('rows read from L2 could not be put into L1', { error });
    }
  }

  private target(): LoadTarget {
    const { series } = this.query;
    if (this.plan.kind === 'load-tile') {
      return { kind: 'tile', series, untilMs: this.plan.untilMs };
    }
    return { kind: 'head', series, freshSinceMs: this.freshSinceMs ?? 0 };
  }

  private answer({ rows, head }: Complete, nowMs: number): CandleAnswer {
    const asOfMs = head?.seenAtMs ?? nowMs;
    return { rows, source: this.source, collapsed: this.collapsed, asOfMs, ageMs: nowMs - asOfMs };
  }
}

/** The final rows of an answer and the range they prove. */
function finalsOf(query: CandleQuery, known: KnownCandles, { rows, head }: Complete): FinalPage {
  const untilMs = Math.min(query.beforeMs, head?.fromMs ?? query.beforeMs);
  const finals = rows.filter(({ openMs }) => openMs < untilMs).reverse();
  const run = known.coverage.contiguousBackFrom(untilMs);
  const fromMs = rows.length < query.count ? run.fromMs : (finals[0]?.openMs ?? untilMs);
  return { series: query.series, covered: { fromMs, untilMs }, rows: finals };
}
