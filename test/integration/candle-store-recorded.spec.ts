import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { PostgresCandleStore } from '@candlekeep/candle-store';
import {
  type Candle,
  decimalText,
  parseIsoSeconds,
  parseMarketCode,
  type Series,
  Timeframe,
} from '@candlekeep/market';
import { parse } from 'lossless-json';
import { z } from 'zod';
import { keep } from '../support/candle-store/pages';
import { createScratchStore } from '../support/candle-store/scratch-store';
import type { ScratchDatabase } from '../support/scratch-database';

const FIXTURES = path.resolve('libs', 'candle-store', 'fixtures');
const KST_MS = 9 * 3_600_000;
const EVERYTHING = { beforeMs: Date.UTC(2100, 0), limit: 10_000 };

const digits = z.unknown().transform(String);
const capturedRow = z.object({
  market: z.string(),
  candle_date_time_utc: z.string(),
  opening_price: digits,
  high_price: digits,
  low_price: digits,
  trade_price: digits,
  timestamp: digits.transform(Number),
  candle_acc_trade_price: digits,
  candle_acc_trade_volume: digits,
  unit: digits.transform(Number).optional(),
  first_day_of_period: z.string().optional(),
  prev_closing_price: digits.optional(),
  change_price: digits.optional(),
  change_rate: digits.optional(),
});
type CapturedRow = z.infer<typeof capturedRow>;

describe('the candle store with recorded candles', () => {
  let database: ScratchDatabase;
  let store: PostgresCandleStore;

  beforeAll(async () => {
    ({ database, store } = await createScratchStore());
  });

  afterAll(async () => {
    await database.drop();
  });

  it.each(capturedCandles())('returns each digit of $name', async ({ series, candle }) => {
    const untilMs = series.timeframe.closeOf(candle.openMs);
    await keep(store, { series, rows: [candle], covered: { fromMs: candle.openMs, untilMs } });
    const known = await store.read(series, { beforeMs: untilMs, limit: 1 });
    expect(known.rows).toEqual([candle]);
  });

  it('stores each row once when a pager repeats rows and steps back', async () => {
    const series = { market: parseMarketCode('KRW-KNC'), timeframe: Timeframe.parse('3m') };
    const pages = ascendingRuns(pagedRows());
    expect(pages).toHaveLength(20);
    let inserted = 0;
    for (const rows of pages) {
      const saved = await keep(store, { series, rows, covered: spanOf(series, rows) });
      inserted += saved.inserted;
      expect(saved.corrections).toEqual([]);
    }
    const distinct = new Map(pagedRows().map((row) => [row.openMs, row]));
    expect(pagedRows()).toHaveLength(1_200);
    expect(inserted).toBe(1_164);
    const newestFirst = [...distinct.values()].sort((a, b) => b.openMs - a.openMs);
    expect((await store.read(series, EVERYTHING)).rows).toEqual(newestFirst);
  });

  it('replaces a day that was frozen half-finished once it is read again', async () => {
    const series = { market: parseMarketCode('KRW-BTC'), timeframe: Timeframe.parse('1d') };
    const openMs = Date.UTC(2025, 11, 27);
    const frozen: Candle = {
      openMs,
      timestampMs: openMs + 82_800_000,
      open: '128149000.00000000',
      high: '128396000.00000000',
      low: '127713000.00000000',
      close: '128024000.00000000',
      volume: '358.76039559',
      turnover: '45951027538.17750000',
    };
    const final: Candle = {
      ...frozen,
      timestampMs: openMs + 86_399_000,
      close: '128298000.00000000',
      volume: '382.26856914',
      turnover: '48964490903.66592000',
    };
    const covered = spanOf(series, [final]);
    await keep(store, { series, rows: [frozen], covered });
    expect(await keep(store, { series, rows: [final], covered })).toMatchObject({
      inserted: 0,
      corrections: [{ openMs, stored: frozen, was: 'native' }],
    });
    const known = await store.read(series, { beforeMs: covered.untilMs, limit: 1 });
    expect(known.rows).toEqual([final]);
  });
});

function capturedCandles(): { name: string; series: Series; candle: Candle }[] {
  const bodies = readFileSync(path.join(FIXTURES, 'captured-candles.txt'), 'utf8').trim();
  const rows = bodies.split('\n').flatMap((body) => z.array(capturedRow).parse(parse(body)));
  return rows.map((row) => {
    const series = { market: parseMarketCode(row.market), timeframe: timeframeOf(row) };
    const name = `${row.market} ${series.timeframe.code} ${row.candle_date_time_utc}`;
    return { name, series, candle: candleOf(row) };
  });
}

function timeframeOf(row: CapturedRow): Timeframe {
  if (row.unit !== undefined) return Timeframe.parse(`${row.unit}m`);
  if (row.first_day_of_period !== undefined) return Timeframe.parse('1y');
  return Timeframe.parse(row.prev_closing_price === undefined ? '1s' : '1d');
}

function candleOf(row: CapturedRow): Candle {
  const candle = {
    openMs: parseIsoSeconds(row.candle_date_time_utc),
    timestampMs: row.timestamp,
    open: row.opening_price,
    high: row.high_price,
    low: row.low_price,
    close: row.trade_price,
    volume: row.candle_acc_trade_volume,
    turnover: row.candle_acc_trade_price,
  };
  const { prev_closing_price: previousClose, change_price: change, change_rate: changeRate } = row;
  if (previousClose === undefined || change === undefined || changeRate === undefined) {
    return candle;
  }
  return { ...candle, daily: { previousClose, change, changeRate } };
}

/** KRW-KNC rows in the order in which a pager stored them; their times are Korean, and no last tick was kept. */
function pagedRows(): Candle[] {
  const file = readFileSync(path.join(FIXTURES, 'knc-3m-rows-as-paged.csv.gz'));
  const lines = gunzipSync(file).toString('utf8').trim().split('\n');
  return lines.map((line) => {
    const [time = '', ...amounts] = line.split(',');
    const openMs = parseIsoSeconds(time.replace(' ', 'T')) - KST_MS;
    const [open = '', high = '', low = '', close = '', volume = '', turnover = ''] = amounts.map(
      (amount) => decimalText(amount),
    );
    return { openMs, timestampMs: openMs, open, high, low, close, volume, turnover };
  });
}

function ascendingRuns(rows: readonly Candle[]): Candle[][] {
  const runs: Candle[][] = [];
  for (const row of rows) {
    const run = runs.at(-1);
    const last = run?.at(-1);
    if (run !== undefined && last !== undefined && row.openMs > last.openMs) run.push(row);
    else runs.push([row]);
  }
  return runs;
}

function spanOf({ timeframe }: Series, rows: readonly Candle[]) {
  const [first, last] = [rows[0]!, rows.at(-1)!];
  return { fromMs: first.openMs, untilMs: timeframe.closeOf(last.openMs) };
}
