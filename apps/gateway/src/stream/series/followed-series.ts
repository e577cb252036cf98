import {
  type CandleAnswer,
  type CandleCache,
  type CandleQuery,
  LATEST_MS,
  PAGE_ROWS,
  SETTLE_MS,
} from '@candlekeep/candle-cache';
import { type Candle, type Series, slotsWithin } from '@candlekeep/market';

/** What a look at the newest rows of a series showed. */
export interface Look {
  readonly newest: Candle;
  /** Rows that were not so at the look before, oldest first; the newest row at the first look. */
  readonly changed: readonly Candle[];
  /** As of when, epoch ms. */
  readonly asOfMs: number;
}

export interface LookTerms {
  readonly maxAgeMs: number;
  readonly closedUntilMs?: number | undefined;
}

/** Candles that opened in [fromMs, untilMs) and are final. */
export interface Finals {
  readonly fromMs: number;
  readonly untilMs: number;
  /** Oldest first. */
  readonly rows: readonly Candle[];
  /** Where there were more than a page: candles that opened in [fromMs, toldFromMs) are left out. */
  readonly toldFromMs?: number;
}

export interface SeriesHearer {
  /** Called after each look, whether a row changed or not. */
  readonly looked?: (look: Look) => void;
  /** Called, in order and without a hole, when more candles are final. Who has it makes each look find out. */
  readonly becameFinal?: (finals: Finals) => void;
}

/** How old final rows' neighbours may be, ms: as in the gateway's answers. */
const MAX_AGE_MS = 1_000;
/** Rows of a look: the forming one, and the one before it, whose last trade may have come at its close. */
const LOOK_ROWS = 2;
const OVERTAKEN_MS = 10_000;

/** A series that somebody follows: each look goes to all of them, however many they are. Whoever asks a question comes first. */
export class FollowedSeries {
  readonly hearers = new Set<SeriesHearer>();
  private last: Look | undefined;
  private seen: readonly Candle[] = [];
  private edgeMs: number | undefined;
  /** By range: many may come back at once and have missed the same. */
  private readonly pages = new Map<string, Promise<Finals | undefined>>();

  constructor(
    readonly series: Series,
    private readonly candles: Pick<CandleCache, 'read'>,
  ) {}

  /** What the last look showed; undefined before the first, and for a market that never traded. */
  get lastLook(): Look | undefined {
    return this.last;
  }

  /** Candles that open before this were told as final, or were before anybody asked; undefined until the first look. */
  get finalUntilMs(): number | undefined {
    return this.edgeMs;
  }

  /** Looks once, at rows that were seen `maxAgeMs` ago at most. Minutes before `closedUntilMs` are known to be final. Rejects with the cache's reason. */
  async look({ maxAgeMs, closedUntilMs = 0 }: LookTerms): Promise<void> {
    const answer = await this.read({ beforeMs: LATEST_MS, count: LOOK_ROWS, maxAgeMs });
    this.heed(answer);
    const serverMs = answer.asOfMs + answer.ageMs;
    const closedMs = Math.max(closedUntilMs, serverMs - SETTLE_MS);
    await this.moveEdge(this.series.timeframe.floor(closedMs));
  }

  /** The newest final candles, a page at most, that opened in the range; undefined while one of them is not final. */
  async finals(fromMs: number, untilMs: number): Promise<Finals | undefined> {
    const range = `${fromMs} ${untilMs}`;
    const known = this.pages.get(range);
    if (known !== undefined) return await known;
    const page = this.readFinals(fromMs, untilMs).finally(() => this.pages.delete(range));
    this.pages.set(range, page);
    return await page;
  }

  private heed(answer: CandleAnswer): void {
    const { rows, asOfMs } = answer;
    const [newest] = rows;
    if (newest === undefined || this.isPassed(asOfMs)) return;
    const changed = rows.filter((row) => !this.seen.some((seen) => isSame(seen, row))).reverse();
    const look = { newest, asOfMs, changed: this.last === undefined ? [newest] : changed };
    this.seen = rows;
    this.last = look;
    for (const hearer of this.hearers) hearer.looked?.(look);
  }

  /** Answers may overtake each other; one that is much older than the last was given under another clock. */
  private isPassed(asOfMs: number): boolean {
    const olderByMs = (this.last?.asOfMs ?? 0) - asOfMs;
    return olderByMs > 0 && olderByMs < OVERTAKEN_MS;
  }

  private async moveEdge(untilMs: number): Promise<void> {
    const fromMs = (this.edgeMs ??= untilMs);
    if (untilMs <= fromMs) return;
    const isAsked = [...this.hearers].some(({ becameFinal }) => becameFinal !== undefined);
    const finals = isAsked ? await this.finals(fromMs, untilMs) : undefined;
    if (isAsked && finals === undefined) return;
    this.edgeMs = untilMs;
    if (finals === undefined) return;
    for (const hearer of this.hearers) hearer.becameFinal?.(finals);
  }

  private async readFinals(fromMs: number, untilMs: number): Promise<Finals | undefined> {
    const { timeframe } = this.series;
    const count = Math.min(PAGE_ROWS, slotsWithin(timeframe, { fromMs, untilMs }));
    if (count === 0) return { fromMs, untilMs, rows: [] };
    const answer = await this.read({ beforeMs: untilMs, count });
    if (!areFinal(answer)) return undefined;
    const rows = answer.rows.filter(({ openMs }) => openMs >= fromMs).reverse();
    const [oldest] = rows;
    if (oldest === undefined || rows.length < PAGE_ROWS) return { fromMs, untilMs, rows };
    const before = await this.read({ beforeMs: oldest.openMs, count: 1 });
    const isMore = before.rows.some(({ openMs }) => openMs >= fromMs);
    return { fromMs, untilMs, rows, ...(isMore ? { toldFromMs: oldest.openMs } : {}) };
  }

  private async read(
    question: Pick<CandleQuery, 'beforeMs' | 'count'> & { readonly maxAgeMs?: number },
  ): Promise<CandleAnswer> {
    const { series, candles } = this;
    const terms = { maxAgeMs: MAX_AGE_MS, onlyIfCached: false, caller: 'monitor' } as const;
    return await candles.read({ series, ...terms, ...question });
  }
}

/** An answer that leans on no sight of the present has no age: all its rows are final. */
function areFinal({ ageMs }: CandleAnswer): boolean {
  return ageMs === 0;
}

function isSame(a: Candle, b: Candle): boolean {
  return (
    a.openMs === b.openMs &&
    a.volume === b.volume &&
    a.turnover === b.turnover &&
    a.timestampMs === b.timestampMs &&
    a.open === b.open &&
    a.high === b.high &&
    a.low === b.low &&
    a.close === b.close
  );
}
