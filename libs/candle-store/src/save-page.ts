import { type MarketCode, type Series, seriesName, Timeframe } from '@candlekeep/market';
import type { ClientBase } from '@candlekeep/postgres';
import type { CandlePage } from './candle-page';
import { passFence } from './fence';
import { slotsInDoubt } from './folded-from';
import { type Correction, mergePage } from './merge-page';
import { isSameKnowledge, type SeriesKnowledge, withoutDoubtful } from './series-knowledge';
import { knowledgeOf, knowStatement, lockStatement, type SeriesRow } from './series-rows';
import { movedBasis, outdatedPage } from './stale-basis';
import { readStretch } from './stored-stretch';
import { removeStatement, writeStatement } from './write-candles';

/** What a save changed. */
export interface SavedPage {
  /** Rows of slots that were unknown before. */
  readonly inserted: number;
  readonly corrections: readonly Correction[];
  /** The series' revision after the save. */
  readonly revision: number;
}

/**
 * Keeps a page inside the client's transaction. The fence is passed first; then series are locked from the shortest timeframe to the longest: the sources of a fold, the
 * page's own, and after a correction those that are folded from it. Throws {@link StaleBasis} and `Deposed`.
 */
export async function savePage(client: ClientBase, page: CandlePage): Promise<SavedPage> {
  const { series, fence } = page;
  if (fence !== undefined) await passFence(client, fence);
  const locked = await lockBasis(client, page);
  const known = knowledgeOf(locked);
  const merge = mergePage(await readStretch(client, page, known), page);
  if (merge.kind === 'outdated') throw outdatedPage(series, merge.openMs);
  const { inserted, corrections } = merge;
  if (merge.writes.length > 0) await client.query(writeStatement(page, merge));
  const hasMoved = corrections.length > 0;
  if (!hasMoved && isSameKnowledge(merge.known, known)) {
    return { inserted, corrections, revision: locked.revision };
  }
  const revision = await know(client, series, { known: merge.known, hasMoved });
  if (!hasMoved) return { inserted, corrections, revision };
  const raised = await removeDoubtful(client, page, corrections);
  return { inserted, corrections, revision: raised.get(series.timeframe) ?? revision };
}

/** Locks the series that the page was made from and its own, which is the longest; returns the own one. */
async function lockBasis(client: ClientBase, page: CandlePage): Promise<SeriesRow> {
  const { series, basis } = page;
  const { market, timeframe: own } = series;
  const sources = Timeframe.ALL.filter(
    (one) => one !== own && basis.some(({ timeframe }) => timeframe === one),
  );
  const locked = sources.length > 0 ? await lock(client, market, sources, 'SHARE') : [];
  locked.push(...(await lock(client, market, [own], 'UPDATE')));
  for (const { timeframe, revision } of basis) {
    const now = locked.find((row) => row.timeframe === timeframe.code)?.revision;
    if (now !== revision) throw movedBasis(series, timeframe, { revision, now });
  }
  const row = locked.at(-1);
  if (row?.timeframe !== own.code) throw movedBasis(series, own, {});
  return row;
}

/** Takes away what longer timeframes hold of corrected slots and have not verified. Resolves with the revisions that rose. */
async function removeDoubtful(
  client: ClientBase,
  page: CandlePage,
  corrections: readonly Correction[],
): Promise<ReadonlyMap<Timeframe, number>> {
  const { market } = page.series;
  const raised = new Map<Timeframe, number>();
  const touched = slotsInDoubt(page, corrections);
  if (touched.length === 0) return raised;
  const longer = touched.map((one) => one.timeframe);
  const rows = await lock(client, market, longer, 'UPDATE');
  for (const { timeframe, slots } of touched) {
    const row = rows.find((one) => one.timeframe === timeframe.code);
    if (row === undefined) continue;
    const { known, gone } = withoutDoubtful(knowledgeOf(row), slots);
    if (gone.isEmpty) continue;
    await client.query(removeStatement({ market, timeframe }, gone));
    raised.set(timeframe, await know(client, { market, timeframe }, { known, hasMoved: true }));
  }
  return raised;
}

async function lock(
  client: ClientBase,
  market: MarketCode,
  timeframes: readonly Timeframe[],
  strength: 'SHARE' | 'UPDATE',
): Promise<SeriesRow[]> {
  const statement = lockStatement(market, timeframes, strength);
  return (await client.query<SeriesRow>(statement)).rows;
}

/** Keeps what is known of a locked series; resolves with its revision. */
async function know(
  client: ClientBase,
  series: Series,
  { known, hasMoved }: { readonly known: SeriesKnowledge; readonly hasMoved: boolean },
): Promise<number> {
  const statement = knowStatement(series, known, hasMoved);
  const { rows } = await client.query<{ revision: number }>(statement);
  const [row] = rows;
  if (row === undefined) throw new Error(`the locked row of ${seriesName(series)} is gone`);
  return row.revision;
}
