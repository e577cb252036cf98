import type { CandleAnswer, CandleQuery } from '@candlekeep/candle-cache';
import { type Candle, isoSeconds, seriesName } from '@candlekeep/market';
import type { Doubts } from './doubts';
import type { ModelMarket } from './model-market';
import type { VirtualTime } from './virtual-time';

/** A read as the model sees it. */
export interface AskedRead {
  readonly query: CandleQuery;
  /** The run's move at which it was asked. */
  readonly move: number;
  /** The earliest reading of the cache server's clock that it may have begun at. */
  firstCacheMs: number;
}

interface ShownVolume {
  readonly volume: number;
  readonly move: number;
}

/** An answer that the exchange has not shown. */
export class Untrue extends Error {}

/** How long a look at the exchange is remembered, in looks. */
const REMEMBERED_READS = 5_000;

/** What the exchange has shown so far of one market, and whether an answer is of it. */
export class Truth {
  private readonly reads: number[] = [];
  /** The most volume that was shown of each row, by series and open. */
  private shown = new Map<string, ShownVolume>();

  constructor(
    private readonly market: ModelMarket,
    private readonly doubts: Doubts,
    private readonly time: VirtualTime,
  ) {}

  noteRead(atMs: number): void {
    this.reads.push(atMs);
    if (this.reads.length > 2 * REMEMBERED_READS) this.reads.splice(0, REMEMBERED_READS);
    this.doubts.noteRead(atMs);
  }

  /** Keys of L1 were lost: from now on an older sight may follow a newer one. */
  noteLoss(): void {
    this.shown = new Map();
  }

  /**
   * Throws {@link Untrue} unless the answer is, row by row and whole, what the exchange showed at one instant between the one that the
   * answer states and now; not older than the caller accepts; and nowhere older than what was answered before it was asked.
   */
  judge(read: AskedRead, answer: CandleAnswer, move: number): void {
    const { maxAgeMs, maxStaleMs = 0, staleIfErrorMs = 0 } = read.query;
    const staleMs = answer.insteadOfError ? Math.max(maxStaleMs, staleIfErrorMs) : maxStaleMs;
    const oldestMs = read.firstCacheMs - maxAgeMs - (answer.staleMs > 0 ? staleMs : 0);
    if (answer.asOfMs < oldestMs) {
      throw new Untrue(`it is ${oldestMs - answer.asOfMs} ms older than the caller accepts`);
    }
    const sinceMs = this.time.earliestMeant(answer.asOfMs);
    this.requireShown(read, answer, sinceMs);
    this.requireNoStepBack(read, answer, { move, sinceMs });
  }

  private requireShown(read: AskedRead, answer: CandleAnswer, sinceMs: number): void {
    const instants = [...new Set(this.reads.filter((atMs) => atMs >= sinceMs))];
    // Without a sight of the present all rows are beyond change, and the exchange shows the same now.
    if (answer.ageMs === 0 || instants.length === 0) instants.push(this.time.trueMs);
    let nearest = '';
    for (const atMs of instants) {
      const difference = this.differenceAt(atMs, read, answer.rows, sinceMs);
      if (difference === undefined) return;
      nearest ||= `${difference} (held against ${new Date(atMs).toISOString()})`;
    }
    throw new Untrue(
      `the exchange showed this at none of ${instants.length} instants since ${new Date(sinceMs).toISOString()}: ${nearest}`,
    );
  }

  private differenceAt(
    atMs: number,
    { query, move }: AskedRead,
    rows: readonly Candle[],
    sinceMs: number,
  ): string | undefined {
    const { timeframe } = query.series;
    const isSure = ({ openMs }: Candle): boolean =>
      !this.doubts.isDoubtful(timeframe, openMs, { move, sinceMs });
    const truth = this.market.answer(timeframe, query, atMs);
    const same = findDifference(truth, rows);
    if (same === undefined) return undefined;
    const sure = truth.filter(isSure);
    const mine = rows.filter(isSure);
    if (sure.length === truth.length && mine.length === rows.length) return same;
    // Rows in doubt may be there or not, so the oldest rows of the two lists need not be the same.
    const common = Math.min(sure.length, mine.length);
    if (rows.length < sure.length) return `${sure.length - rows.length} rows are missing`;
    return findDifference(sure.slice(0, common), mine.slice(0, common));
  }

  private requireNoStepBack(
    { query, move: askedAt }: AskedRead,
    { rows }: CandleAnswer,
    { move, sinceMs }: { move: number; sinceMs: number },
  ): void {
    for (const { openMs, volume: text } of rows) {
      const name = `${query.series.timeframe.code} ${openMs}`;
      const volume = Number(text);
      const before = this.shown.get(name);
      if (before !== undefined && volume <= before.volume) {
        const isBack = volume < before.volume && before.move < askedAt;
        if (
          isBack &&
          !this.doubts.isDoubtful(query.series.timeframe, openMs, { move: askedAt, sinceMs })
        ) {
          throw new Untrue(
            `${seriesName(query.series)} ${isoSeconds(openMs)} went back from volume ${before.volume} to ${text}`,
          );
        }
        continue;
      }
      this.shown.set(name, { volume, move });
    }
  }
}

function findDifference(truth: readonly Candle[], rows: readonly Candle[]): string | undefined {
  for (let i = 0; i < Math.max(truth.length, rows.length); i += 1) {
    const [right, mine] = [truth[i], rows[i]];
    if (right === undefined || mine === undefined || !isSame(right, mine)) {
      return `row ${i} of ${rows.length} (${truth.length}) is ${print(mine)}, the exchange showed ${print(right)}`;
    }
  }
  return undefined;
}

function isSame(a: Candle, b: Candle): boolean {
  return (
    a === b ||
    (a.openMs === b.openMs &&
      a.open === b.open &&
      a.high === b.high &&
      a.low === b.low &&
      a.close === b.close &&
      a.timestampMs === b.timestampMs &&
      a.turnover === b.turnover &&
      a.volume === b.volume &&
      a.daily?.previousClose === b.daily?.previousClose &&
      a.daily?.change === b.daily?.change &&
      a.daily?.changeRate === b.daily?.changeRate)
  );
}

function print(row: Candle | undefined): string {
  if (row === undefined) return 'nothing';
  return `${isoSeconds(row.openMs)} ${JSON.stringify({ ...row, openMs: undefined })}`;
}
