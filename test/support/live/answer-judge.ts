import { ExchangeOracle, numberOf, rowsOf, type ShownRow } from './exchange-oracle';
import type { LiveAnswer } from './live-callers';

/** What a caller accepts by default, and what a Redis clock that is read in whole µs and a process' own may differ by; ms. */
const MAX_AGE_MS = 1_000;
const CLOCKS_MS = 20;
/** The exchange tells trades in another order than they happened, by less than this, ms: an as-of may be too young by as much. */
const DISORDER_MS = 1_000;
/** The newest row, and the one before it for as long as it settles. */
const YOUNG_ROWS = 2;

export interface Judgement {
  readonly answer: LiveAnswer;
  /** What is wrong with it; undefined when nothing is. */
  readonly fault?: string;
  /** It is, byte for byte, what the exchange itself answered at some instant up to its arrival. */
  readonly isExact: boolean;
  /** By how much its as-of is younger than its rows, ms. */
  readonly tooYoungMs: number;
}

/** Holds answers against the exchange's own at their time. */
export class AnswerJudge {
  constructor(private readonly oracle: ExchangeOracle) {}

  /** An honest "not now" is no wrong answer. */
  judge(answer: LiveAnswer): Judgement {
    const { status, asOfMs, askedMs, answeredMs } = answer;
    const inexact = { answer, isExact: false, tooYoungMs: 0 };
    if (status === 503 || status === 504) return inexact;
    if (status !== 200) return { ...inexact, fault: `status ${status}` };
    const isOld = !(asOfMs >= askedMs - MAX_AGE_MS - CLOCKS_MS);
    if (isOld) return { ...inexact, fault: `${askedMs - asOfMs} ms old when asked` };
    const isOfFuture = asOfMs > answeredMs + CLOCKS_MS;
    if (isOfFuture) return { ...inexact, fault: `as of ${asOfMs}, the future` };
    return this.judgeRows(answer);
  }

  private judgeRows(answer: LiveAnswer): Judgement {
    const { path, asOfMs, answeredMs, body } = answer;
    const market = new URL(path, 'http://gateway').searchParams.get('market') ?? '';
    const untilMs = Math.max(asOfMs, answeredMs);
    const instants = this.oracle.instants(market, asOfMs - DISORDER_MS, untilMs);
    const at = instants.findLastIndex((ms) => this.oracle.bodyAt(path, ms) === body);
    if (at >= 0) {
      const rightUntilMs = instants[at + 1] ?? Infinity;
      return { answer, isExact: true, tooYoungMs: Math.max(0, asOfMs + 1 - rightUntilMs) };
    }
    const earliest = rowsOf(this.oracle.bodyAt(path, asOfMs - DISORDER_MS));
    const latest = rowsOf(this.oracle.bodyAt(path, untilMs));
    const fault = faultOf(rowsOf(body), earliest, latest);
    return { answer, isExact: false, tooYoungMs: 0, ...(fault === undefined ? {} : { fault }) };
  }
}

/** Rows between what the exchange had shown at the as-of and what it showed at arrival are right; volumes and extremes only grow. */
function faultOf(
  rows: readonly ShownRow[],
  earliest: readonly ShownRow[],
  latest: readonly ShownRow[],
): string | undefined {
  const opens = (of: readonly ShownRow[]): string => of.map(({ open }) => open).join();
  const own = opens(rows);
  if (own !== opens(earliest) && own !== opens(latest)) {
    return `rows of ${own} instead of ${opens(earliest)}`;
  }
  const [before, after] = [byOpen(earliest), byOpen(latest)];
  for (const [index, row] of rows.entries()) {
    const [least, most] = [before.get(row.open), after.get(row.open)];
    if (!isBetween(row, least, most) && !(index < YOUNG_ROWS && differsInTime(row, most))) {
      return `${row.text} is not between ${least?.text} and ${most?.text}`;
    }
  }
  return undefined;
}

/** When a trade was stored that another overtook on its way is not told: of a row that may still change, `timestamp` is when it was sent. */
function differsInTime(row: ShownRow, shown: ShownRow | undefined): boolean {
  const timeless = ({ text }: ShownRow): string => text.replace(/"timestamp":\d+/, '');
  if (shown === undefined || timeless(row) !== timeless(shown)) return false;
  return Math.abs(numberOf(row, 'timestamp') - numberOf(shown, 'timestamp')) <= DISORDER_MS;
}

function byOpen(rows: readonly ShownRow[]): ReadonlyMap<string, ShownRow> {
  return new Map(rows.map((row) => [row.open, row]));
}

const GROWING = ['candle_acc_trade_volume', 'candle_acc_trade_price', 'high_price'];

function isBetween(
  row: ShownRow,
  least: ShownRow | undefined,
  most: ShownRow | undefined,
): boolean {
  // A row may be pushed out of the answer by a new one, at either end.
  if (most === undefined) return row.text === least?.text;
  if (row.text === most.text || row.text === least?.text) return true;
  if (least?.text === most.text) return false;
  const isGrown = GROWING.every(
    (field) =>
      numberOf(row, field) <= numberOf(most, field) &&
      (least === undefined || numberOf(row, field) >= numberOf(least, field)),
  );
  const low = numberOf(row, 'low_price');
  const isLow =
    low >= numberOf(most, 'low_price') &&
    (least === undefined || low <= numberOf(least, 'low_price'));
  return isGrown && isLow && numberOf(row, 'opening_price') === numberOf(most, 'opening_price');
}
