import type { CandleStore } from '@candlekeep/candle-cache';
import { PostgresCandleStore, StaleBasis } from '@candlekeep/candle-store';
import { type Candle, foldInto, type Series, Timeframe } from '@candlekeep/market';
import {
  candle,
  EVERYTHING,
  freshSeries,
  inTimeframe,
  keep,
  LATE_MS,
  minutes,
  openOf,
  type PageDraft,
  pageOf,
  readAll,
} from '../support/candle-store/pages';
import { createScratchStore } from '../support/candle-store/scratch-store';
import type { ScratchDatabase } from '../support/scratch-database';
import { SeededRandom } from '../support/seeded-random';

const [OLD, NEW] = ['1.00000000', '2.00000000'] as const;

describe('the candle store under many writers', () => {
  let database: ScratchDatabase;
  let store: PostgresCandleStore;

  const writers = (count: number): PostgresCandleStore[] =>
    Array.from({ length: count }, () => new PostgresCandleStore(database.connect()));

  beforeAll(async () => {
    ({ database, store } = await createScratchStore());
  });

  afterAll(async () => {
    await database.drop();
  });

  it('takes twenty overlapping pages from as many workers at once', async () => {
    const series = freshSeries();
    const saves = writers(20).map((worker, i) => keep(worker, pageFrom(series, i * 10)));
    const saved = await Promise.all(saves);
    expect(saved.reduce((sum, { inserted }) => sum + inserted, 0)).toBe(390);
    expect(saved.flatMap(({ corrections }) => corrections)).toEqual([]);
    const known = await readAll(store, series);
    expect(known.rows).toHaveLength(390);
    expect(known.coverage.ranges).toEqual([minutes(0, 390)]);
  });

  it('ends with the newest text wherever it was seen, in whatever order workers bring it', async () => {
    const workers = writers(8);
    for (let round = 0; round < 10; round += 1) {
      const series = freshSeries();
      // The exchange changed every row at instant 4: pages 0 to 3 still show the old text.
      const drafts = workers.map((_, i) => pageFrom(series, i * 25, i < 4 ? OLD : NEW));
      const pages = await Promise.all(
        drafts.map((draft, i) => pageOf(store, { ...draft, readAtMs: LATE_MS + i })),
      );
      const again = (i: number): PageDraft => ({
        ...pageFrom(series, i * 25, NEW),
        readAtMs: LATE_MS + 100 + i,
      });
      const saves = workers.map((worker, i) =>
        worker.save(pages[i]!).catch((error: unknown) => saveUntilKept(worker, again(i), error)),
      );
      await Promise.all(saves);
      const known = await readAll(store, series);
      expect(known.coverage.ranges).toEqual([minutes(0, 375)]);
      const seenNew = known.rows.filter(({ openMs }) => openMs >= openOf(100));
      expect(known.rows).toHaveLength(375);
      expect(new Set(seenNew.map(({ close }) => close))).toEqual(new Set([NEW]));
    }
  });

  it('never shows a reader a covered minute without its row', async () => {
    const series = freshSeries();
    const missing: number[] = [];
    let reads = 0;
    let writing = true;
    const write = async (): Promise<void> => {
      for (let first = 800; first >= 0; first -= 20) await keep(store, pageFrom(series, first));
    };
    const check = async (): Promise<void> => {
      for (; writing; reads += 1) {
        const { rows, coverage } = await readAll(store, series);
        const coveredMs = coverage.ranges.reduce((sum, r) => sum + r.untilMs - r.fromMs, 0);
        missing.push(coveredMs / 60_000 - rows.length);
      }
    };
    const written = write().finally(() => (writing = false));
    await Promise.all([written, check()]);
    expect(reads).toBeGreaterThan(5);
    expect(missing.filter((count) => count !== 0)).toEqual([]);
  });

  it('leaves no fold that its source contradicts, and no deadlock, however writers meet', async () => {
    const minute = freshSeries();
    const random = new SeededRandom(20_250_901);
    const refusals = { stale: 0 };
    const run = async (worker: PostgresCandleStore): Promise<void> => {
      for (let i = 0; i < 40; i += 1) await randomWrite(worker, minute, { random, refusals });
    };
    await Promise.all(writers(8).map(run));
    for (const code of ['5m', '60m']) {
      const series = inTimeframe(minute, code);
      const source = (await readAll(store, minute)).rows.toReversed();
      const truth = new Map(
        foldInto(series.timeframe, source).map((row) => [row.openMs, row.close]),
      );
      const { rows } = await readAll(store, series);
      expect(rows.length).toBeGreaterThan(0);
      for (const { openMs, close } of rows) expect(truth.get(openMs)).toBe(close);
    }
    expect(refusals.stale).toBeGreaterThan(0);
  });
});

/** A page of 200 minutes, all traded. */
function pageFrom(series: Series, first: number, close?: string): PageDraft {
  const rows = Array.from({ length: 200 }, (_, i) => candle(first + i, close));
  return { series, rows, covered: minutes(first, first + 200) };
}

/** What a worker does with a stale page: reads it again, and saves that. */
async function saveUntilKept(store: CandleStore, again: PageDraft, error: unknown): Promise<void> {
  if (!(error instanceof StaleBasis)) throw error;
  await keep(store, again).catch((next: unknown) => saveUntilKept(store, again, next));
}

interface Chances {
  readonly random: SeededRandom;
  readonly refusals: { stale: number };
}

/** One write of a worker: a page of minutes (often a correction), a fold of them, an hour of them, rarely a purge. */
async function randomWrite(
  store: CandleStore,
  minute: Series,
  { random, refusals }: Chances,
): Promise<void> {
  const dice = random.between(0, 99);
  try {
    if (dice < 1) await store.purge(minute.market);
    else if (dice < 40) {
      const first = random.between(0, 8) * 60;
      const close = `${random.between(1, 1_000_000)}.00000000`;
      await keep(store, pageFrom(minute, first, close));
    } else await foldStored(store, inTimeframe(minute, dice < 70 ? '5m' : '60m'));
  } catch (error) {
    if (!(error instanceof StaleBasis)) throw error;
    refusals.stale += 1;
  }
}

/** Folds all whole slots that the minutes cover, as a worker does: revisions first, then coverage, then rows. */
async function foldStored(store: CandleStore, series: Series): Promise<void> {
  const source = { ...series, timeframe: Timeframe.parse('1m') };
  const { basis } = await pageOf(store, { ...pageFrom(series, 0), provenance: 'fold' });
  const { coverage } = await store.read(source, { ...EVERYTHING, limit: 0 });
  const range = coverage.ranges[0];
  if (range === undefined) return;
  const covered = {
    fromMs: series.timeframe.ceil(range.fromMs),
    untilMs: series.timeframe.floor(range.untilMs),
  };
  const parts: Candle[] = [];
  for await (const rows of store.stream(source, covered)) parts.push(...rows);
  const rows = foldInto(series.timeframe, parts);
  const readAtMs = LATE_MS;
  if (covered.fromMs >= covered.untilMs) return;
  await store.save({ series, rows, covered, provenance: 'fold', readAtMs, basis });
}
