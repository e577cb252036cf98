import type { Candle } from '@candlekeep/market';

const MINUTE_MS = 60_000;
/** Where the invented market's minutes are counted from, epoch ms: a July of 2017. */
const ORIGIN_MS = 1_500_000_000_000;
/** How many minutes the invented market has lived. */
export const NEWEST = 50_000;

/** What is asked of a candle page, by a batch's item or by parameters. */
export interface AskedItem {
  readonly market?: string;
  readonly count?: number;
  readonly to?: number;
  readonly fill?: string;
  readonly format?: string;
  readonly columns?: readonly string[];
}

/** When minute `k` of the invented market opens, epoch ms. */
export function openOf(k: number): number {
  return ORIGIN_MS + k * MINUTE_MS;
}

/** Minute `k` of the invented market: it costs k. */
export function minute(k: number): Candle {
  return {
    ...{ openMs: openOf(k), open: `${k}.00000000`, high: `${k}.50000000` },
    ...{ low: `${k}.25000000`, close: `${k}.12345678`, volume: '1.00000001' },
    ...{ turnover: '9007199254740993.12345678', timestampMs: openOf(k) + 59_000 },
  };
}

/** Minutes from `fromMs` (inclusive) to `untilMs` (exclusive). */
export function minutes(fromMs: number, untilMs = openOf(NEWEST + 1)): Candle[] {
  const first = Math.max(1, minuteFrom(fromMs));
  const length = Math.max(0, minuteFrom(untilMs) - first);
  return Array.from({ length }, (_, i) => minute(first + i));
}

/** The body of one question: a market that does not exist is a problem, every third slot of a filled page is empty. */
export function candlesBody(item: AskedItem): { readonly status: number; readonly value: object } {
  const { market = '', count = 200, to = openOf(NEWEST + 1), fill = 'sparse' } = item;
  if (market === 'KRW-NOPE') return { status: 404, value: problem(404, 'KRW-NOPE is not listed.') };
  const rows = minutes(to - count * MINUTE_MS, to).map((row) => filled(row, fill));
  const facts = { asOfMs: 1_000, finalCount: rows.length - 1, short: shortOf(count, rows.length) };
  const content =
    item.format === 'columns' ? { columns: columnsOf(rows, item.columns) } : { candles: rows };
  return { status: 200, value: { market, timeframe: '1m', ...content, ...facts, source: 'l1' } };
}

/** A range as CSV. */
export function csvOf(fromMs: number, untilMs?: number): string {
  const rows = minutes(fromMs, untilMs).map(csvLine);
  return [CSV_HEAD, ...rows, ''].join('\n');
}

export const CSV_HEAD = 'openMs,open,high,low,close,volume,turnover,timestampMs';

export function csvLine(row: Candle): string {
  const { openMs, open, high, low, close, volume, turnover, timestampMs } = row;
  return [openMs, open, high, low, close, volume, turnover, timestampMs].join(',');
}

export function problem(status: number, detail: string): object {
  return { type: 'about:blank', title: 'No', status, detail, errors: [] };
}

/** The first minute that opens at an instant or after it. */
function minuteFrom(instantMs: number): number {
  return Math.ceil((instantMs - ORIGIN_MS) / MINUTE_MS);
}

type Row = Readonly<Record<string, number | string | boolean | null>>;

function filled(row: Candle, fill: string): Row {
  const { openMs, open, high, low, close, volume, turnover, timestampMs } = row;
  const plain = { openMs, open, high, low, close, volume, turnover, timestampMs };
  if (fill === 'sparse') return plain;
  const isEmpty = minuteFrom(row.openMs) % 3 === 0;
  if (!isEmpty || fill === 'forward') return { ...plain, isEmpty };
  const nothing = Object.fromEntries(Object.keys(plain).map((name) => [name, null]));
  return { ...nothing, openMs: row.openMs, isEmpty };
}

function columnsOf(rows: readonly Row[], names?: readonly string[]) {
  const known = names ?? Object.keys(rows[0] ?? {});
  const numbersOf = (name: string) => rows.map((row) => numberOf(row[name] ?? null));
  return Object.fromEntries(known.map((name) => [name, numbersOf(name)]));
}

function numberOf(value: Row[string] | undefined): number | boolean | null {
  return typeof value === 'string' ? Number(value) : (value ?? null);
}

function shortOf(wanted: number, got: number) {
  return got < wanted ? { wanted, got, reason: 'history-begins' } : null;
}
