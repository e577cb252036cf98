import {
  type Basis,
  type CandleStore,
  type CandleWindow,
  PAGE_ROWS,
  type StoredCoverage,
} from '@candlekeep/candle-cache';
import type { Clock } from '@candlekeep/clock';
import { type FoldJob, seriesOfJob } from '@candlekeep/jobs';
import {
  BEGINNING_MS,
  type Candle,
  Coverage,
  foldInto,
  foldSourcesOf,
  newestSlots,
  type Series,
  slotsWithin,
  type Timeframe,
  type TimeRange,
} from '@candlekeep/market';
import { chainDays, type DayStretch } from './chain-days';
import { type FoldStep, planFold } from './plan-fold';
import { RevisionNews } from './revision-news';
import { sightOf } from './series-sight';

export interface SeriesFolderParts {
  readonly store: CandleStore;
  readonly window: CandleWindow;
  readonly clock: Clock;
}

/** What a fold brought: rows, and stretches of slots that are known now. */
export interface FoldOutcome {
  readonly rows: number;
  readonly stretches: number;
}

/** Somebody waits: 34 days of single minutes or all 200 days of hours fit, and are read and folded in about a second. */
const MAX_SOURCE_SLOTS = 50_000;

/** One fold: the series, what was known when it began, and the revisions that it is made from. */
interface FoldWork {
  readonly series: Series;
  readonly known: ReadonlyMap<string, StoredCoverage>;
  readonly basis: readonly Basis[];
  readonly readAtMs: number;
  readonly signal: AbortSignal;
}

/**
 * Folds stored shorter candles into unknown slots of a longer timeframe; the exchange is not asked. Revisions are read before the
 * rows, so a source that is corrected meanwhile makes the save fail (`STALE_BASIS`) instead of keeping an old fold.
 */
export class SeriesFolder {
  private readonly news: RevisionNews;

  constructor(private readonly parts: SeriesFolderParts) {
    this.news = new RevisionNews(parts.store, parts.window);
  }

  /**
   * Folds what can be folded of the 200 slots that end at the job's instant, and on a thin market of as many before them as a page of
   * rows takes; and the emptiness before the first trade. Newest first; nothing to fold is no error.
   */
  async fold(job: FoldJob, signal: AbortSignal): Promise<FoldOutcome> {
    const work = await this.begin(seriesOfJob(job), signal);
    const { timeframe } = work.series;
    let range = newestSlots(timeframe, job.untilMs, PAGE_ROWS);
    let outcome: FoldOutcome = { rows: 0, stretches: 0 };
    let partsLeft = MAX_SOURCE_SLOTS;
    let reachedMs = range.fromMs;
    while (outcome.rows < PAGE_ROWS) {
      const steps = this.stepsOf(range, partsLeft, work);
      for (const step of steps) {
        outcome = sumOf(outcome, await this.foldAndKeep(step, work));
        partsLeft -= slotsWithin(step.source, step.range);
        reachedMs = step.range.fromMs;
      }
      if (reachedMs !== range.fromMs || steps.length === 0) break;
      range = newestSlots(timeframe, range.fromMs, PAGE_ROWS);
    }
    return sumOf(
      outcome,
      await this.keepEmptiness({ fromMs: BEGINNING_MS, untilMs: reachedMs }, work),
    );
  }

  private stepsOf(
    range: TimeRange,
    maxParts: number,
    { series, known }: FoldWork,
  ): readonly FoldStep[] {
    const { timeframe } = series;
    const sources = foldSourcesOf(timeframe).map((source) => ({
      timeframe: source,
      coverage: coverageOf(known, source),
    }));
    const own = coverageOf(known, timeframe);
    return planFold({ timeframe, range, known: own, sources, maxParts });
  }

  private async foldAndKeep(step: FoldStep, work: FoldWork): Promise<FoldOutcome> {
    const stretches = await this.foldStep(step, work);
    for (const stretch of stretches) await this.keep(stretch, work);
    const rows = stretches.reduce((sum, stretch) => sum + stretch.rows.length, 0);
    return { rows, stretches: stretches.length };
  }

  private async keepEmptiness(covered: TimeRange, work: FoldWork): Promise<FoldOutcome> {
    if (!(await this.isBeforeTheFirstTrade(covered, work))) return { rows: 0, stretches: 0 };
    await this.keep({ covered, rows: [] }, work);
    return { rows: 0, stretches: 1 };
  }

  /** Slot by slot this would take for ever: whether a range that reaches back to the beginning is unknown and, as a source shows, empty. */
  private async isBeforeTheFirstTrade(range: TimeRange, work: FoldWork): Promise<boolean> {
    const { series, known } = work;
    if (coverageOf(known, series.timeframe).contains(range)) return false;
    const covers = (source: Timeframe): boolean => coverageOf(known, source).contains(range);
    const source = foldSourcesOf(series.timeframe).find(covers);
    if (source === undefined) return false;
    const query = { beforeMs: range.untilMs, limit: 1 };
    const { rows } = await this.parts.store.read({ ...series, timeframe: source }, query);
    return rows.length === 0;
  }

  private async begin(series: Series, signal: AbortSignal): Promise<FoldWork> {
    const { store } = this.parts;
    const { nowMs } = await sightOf(series, this.parts);
    const own = { timeframe: series.timeframe, revision: await store.openRevision(series) };
    const known = await store.readCoverages(series.market);
    const sources = foldSourcesOf(series.timeframe).flatMap((timeframe) => {
      const revision = known.get(timeframe.code)?.revision;
      return revision === undefined ? [] : [{ timeframe, revision }];
    });
    return { series, known, basis: [own, ...sources], readAtMs: nowMs, signal };
  }

  private async foldStep(step: FoldStep, work: FoldWork): Promise<readonly DayStretch[]> {
    const { source, range } = step;
    const { timeframe, market } = work.series;
    const portions = this.parts.store.stream({ market, timeframe: source }, range);
    const rows: Candle[] = [];
    let parts: readonly Candle[] = [];
    for await (const portion of portions) {
      work.signal.throwIfAborted();
      parts = [...parts, ...portion];
      const openMs = timeframe.floor(parts.at(-1)?.openMs ?? 0);
      // The last slot may go on in the next portion.
      const whole = parts.findIndex((part) => part.openMs >= openMs);
      rows.push(...foldInto(timeframe, parts.slice(0, whole)));
      parts = parts.slice(whole);
    }
    rows.push(...foldInto(timeframe, parts));
    if (timeframe.kind !== 'day') return [{ covered: range, rows }];
    return chainDays(rows, range, await this.findCloseBefore(range.fromMs, work));
  }

  /** The close of the day before `dayMs`: its own candle's, or that of the last source candle; undefined without either. */
  private async findCloseBefore(dayMs: number, work: FoldWork): Promise<string | undefined> {
    const { series, known } = work;
    const day = { fromMs: series.timeframe.shift(dayMs, -1), untilMs: dayMs };
    const timeframes = [series.timeframe, ...foldSourcesOf(series.timeframe)];
    const witness = timeframes.find((timeframe) => coverageOf(known, timeframe).contains(day));
    if (witness === undefined) return undefined;
    const query = { beforeMs: day.untilMs, fromMs: day.fromMs, limit: 1 };
    const { rows } = await this.parts.store.read({ ...series, timeframe: witness }, query);
    return rows[0]?.close;
  }

  private async keep({ rows, covered }: DayStretch, work: FoldWork): Promise<void> {
    const { store, window } = this.parts;
    const { series, basis, readAtMs } = work;
    const page = { series, rows, covered };
    const { revision } = await store.save({ ...page, provenance: 'fold', readAtMs, basis });
    await window.fill(page, revision);
    await this.news.confirm(series, revision);
  }
}

function sumOf(a: FoldOutcome, b: FoldOutcome): FoldOutcome {
  return { rows: a.rows + b.rows, stretches: a.stretches + b.stretches };
}

function coverageOf(known: ReadonlyMap<string, StoredCoverage>, { code }: Timeframe): Coverage {
  return known.get(code)?.coverage ?? Coverage.EMPTY;
}
