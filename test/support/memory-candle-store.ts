import { assertSavable, type CandlePage } from '@candlekeep/candle-store';
import {
  type Candle,
  Coverage,
  decimalText,
  InvalidValue,
  RATE_DIGITS,
  type Series,
  seriesName,
} from '@candlekeep/market';

interface StoredSeries {
  readonly rows: ReadonlyMap<number, Candle>;
  readonly coverage: Coverage;
}

const NOTHING: StoredSeries = { rows: new Map(), coverage: Coverage.EMPTY };

/** L2 in a map, for tests that need a store and no Postgres. Passes the same conformance suite as the real one. */
export class MemoryCandleStore {
  private readonly stored = new Map<string, StoredSeries>();

  read(
    series: Series,
    query: { beforeMs: number; limit: number },
  ): Promise<{ rows: readonly Candle[]; coverage: Coverage }> {
    const { beforeMs, limit } = query;
    if (!Number.isSafeInteger(limit) || limit < 0) {
      return Promise.reject(new InvalidValue(`${limit} is not a number of candles`));
    }
    const { rows, coverage } = this.seriesOf(series);
    const before = [...rows.values()].filter(({ openMs }) => openMs < beforeMs);
    before.sort((a, b) => b.openMs - a.openMs);
    return Promise.resolve({ rows: before.slice(0, limit), coverage });
  }

  async save(page: CandlePage): Promise<{ inserted: number; corrected: number }> {
    assertSavable(page);
    const before = this.seriesOf(page.series);
    const read = page.rows.map(exact);
    const known = read.flatMap((row) => before.rows.get(row.openMs) ?? []);
    const same = read.filter((row) => isSame(row, before.rows.get(row.openMs)));
    const rows = new Map([...before.rows, ...read.map((row) => [row.openMs, row] as const)]);
    const coverage = before.coverage.union(Coverage.of([page.covered]));
    this.stored.set(seriesName(page.series), { rows, coverage });
    return Promise.resolve({
      inserted: read.length - known.length,
      corrected: known.length - same.length,
    });
  }

  private seriesOf(series: Series): StoredSeries {
    return this.stored.get(seriesName(series)) ?? NOTHING;
  }
}

/** The row with its amounts in the exchange's form, fields in one order; refuses an amount that would lose a digit. */
function exact(row: Candle): Candle {
  const { openMs, timestampMs, daily } = row;
  const candle = {
    openMs,
    timestampMs,
    open: decimalText(row.open),
    high: decimalText(row.high),
    low: decimalText(row.low),
    close: decimalText(row.close),
    volume: decimalText(row.volume),
    turnover: decimalText(row.turnover),
  };
  if (daily === undefined) return candle;
  const { previousClose, change, changeRate } = daily;
  return {
    ...candle,
    daily: {
      previousClose: decimalText(previousClose),
      change: decimalText(change),
      changeRate: decimalText(changeRate, RATE_DIGITS),
    },
  };
}

function isSame(row: Candle, stored: Candle | undefined): boolean {
  return JSON.stringify(row) === JSON.stringify(stored);
}
