import { recordedCandles } from '../../../test/support/recorded-candles';
import type { Candle } from './candle';
import { Coverage } from './coverage';
import { scaledOf, textOfScaled } from './decimal';
import { foldInto } from './fold';
import { Timeframe } from './timeframe';

const FIELDS = ['open', 'high', 'low', 'close', 'volume', 'turnover', 'timestampMs'] as const;
type Field = (typeof FIELDS)[number];

/** A recording of one market in one timeframe. */
interface Recording {
  readonly name: string;
  readonly code: string;
  /** Ranges that its collector never downloaded, so that nothing is known there. */
  readonly lost?: readonly (readonly [string, string])[];
}

/** Two recordings of one market, and all that is known to be unequal between the first one's folds and the second. */
interface Pair {
  readonly fine: Recording;
  readonly coarse: Recording;
  /** Timeframes that the fold goes through on its way. */
  readonly via?: readonly string[];
  /** Slots that both know. */
  readonly compared: number;
  /** Fields that the two do not both have. */
  readonly without?: readonly Field[];
  /** Rows that differ, and the largest distance, by field; nothing else may differ. */
  readonly differing?: Partial<Record<Field, readonly [number, string]>>;
}

const btc2020 = recording('KRW-BTC', '1m', '20200220_full_fields');
const btc2020Threes = {
  ...recording('KRW-BTC', '3m', '20200220_full_fields'),
  lost: [['2020-02-20T03:00Z', '2020-02-20T08:00Z']],
} as const;
const btcMinutes = recording('KRW-BTC', '1m', '20250901_20251004');
const btcHours = recording('KRW-BTC', '60m', '20200101_20251017');
const btcDays = recording('KRW-BTC', '1d', '20240101_20260101');
const dogeMinutes = recording('KRW-DOGE', '1m', '20250901_20251004');
const dogeHours = recording('KRW-DOGE', '60m', '20220101_20250929');
const dogeDays = recording('KRW-DOGE', '1d', '20250103_20260101');
const ethMinutes = recording('KRW-ETH', '1m', '20250901_20251004');
const ethQuarters = recording('KRW-ETH', '15m', '2024');
const ethDays = recording('KRW-ETH', '1d', '20240101_20260101');

const unstamped = ['timestampMs'] as const;
const pricesAndVolume = ['turnover', 'timestampMs'] as const;

/**
 * The differences of KRW-DOGE's volumes and KRW-ETH's turnover are the recordings' own: their collectors kept amounts of nine and
 * more digits before the point as doubles, so that the last digits of parts and whole are rounded.
 */
const pairs: readonly Pair[] = [
  { fine: btc2020, coarse: btc2020Threes, compared: 60 },
  { fine: btc2020, coarse: btcHours, compared: 4, without: pricesAndVolume },
  { fine: btc2020Threes, coarse: btcHours, compared: 15, without: pricesAndVolume },
  { fine: btcMinutes, coarse: btcHours, compared: 793, without: pricesAndVolume },
  {
    ...{ fine: btcMinutes, coarse: btcHours, via: ['5m', '15m', '30m'] },
    ...{ compared: 793, without: pricesAndVolume },
  },
  {
    ...{ fine: btcMinutes, coarse: btcDays, via: ['10m', '60m', '240m'] },
    ...{ compared: 33, without: pricesAndVolume },
  },
  { fine: btcMinutes, coarse: btcDays, compared: 33, without: pricesAndVolume },
  { fine: btcHours, coarse: btcDays, compared: 643, without: pricesAndVolume },
  {
    ...{ fine: dogeMinutes, coarse: dogeHours, compared: 696, without: pricesAndVolume },
    differing: { volume: [16, '0.00000002'] },
  },
  {
    ...{ fine: dogeMinutes, coarse: dogeDays, compared: 33, without: pricesAndVolume },
    differing: { volume: [26, '0.00000009'] },
  },
  {
    ...{ fine: dogeHours, coarse: dogeDays, compared: 270, without: pricesAndVolume },
    differing: { volume: [209, '0.00000022'] },
  },
  { fine: ethMinutes, coarse: ethDays, compared: 33, without: pricesAndVolume },
  {
    ...{ fine: ethQuarters, coarse: ethDays, compared: 354, without: unstamped },
    differing: { turnover: [125, '0.00007000'] },
  },
];

describe('folds of recorded candles', () => {
  it.each(pairs)(
    '$fine.name $via make the exchange’s own candles of $coarse.name ($compared)',
    (pair) => {
      const native = rowsOf(pair.coarse);
      const both = foldsOf(pair).flatMap((folded) => {
        const own = native.get(folded.openMs);
        return own === undefined ? [] : [{ folded, own }];
      });
      const fields = FIELDS.filter((field) => !pair.without?.includes(field));
      const differing = Object.fromEntries(
        fields.flatMap((field) => {
          const far = both.map((rows) => distance(rows.folded[field], rows.own[field]));
          const unequal = far.filter((by) => by > 0n);
          const largest = unequal.reduce((most, by) => (by > most ? by : most), 0n);
          return unequal.length === 0 ? [] : [[field, [unequal.length, textOfScaled(largest)]]];
        }),
      );
      print(pair, both.length, differing);
      expect(both).toHaveLength(pair.compared);
      expect(differing).toEqual(pair.differing ?? {});
    },
  );
});

function recording(market: string, code: string, span: string): Recording {
  return { name: `upbit_${market}_${code}_${span}`, code };
}

/** Candles folded through the pair's timeframes, of those slots that lie wholly in what the finer recording knows. */
function foldsOf({ fine, coarse, via = [] }: Pair): Candle[] {
  const target = Timeframe.parse(coarse.code);
  const rows = [...rowsOf(fine).values()];
  const slots = downloaded(fine, rows).wholeSlots(target);
  const known = rows.filter(({ openMs }) =>
    slots.contains({ fromMs: openMs, untilMs: openMs + 1 }),
  );
  const through = [...via, coarse.code].map((code) => Timeframe.parse(code));
  return through.reduce((parts, timeframe) => foldInto(timeframe, parts), known);
}

function downloaded({ code, lost = [] }: Recording, rows: readonly Candle[]): Coverage {
  const [first, last] = [rows[0]!.openMs, rows.at(-1)!.openMs];
  const span = { fromMs: first, untilMs: Timeframe.parse(code).closeOf(last) };
  const holes = lost.map(([from, until]) => ({
    ...{ fromMs: Date.parse(from), untilMs: Date.parse(until) },
  }));
  return Coverage.of([span]).subtract(Coverage.of(holes));
}

const read = new Map<string, ReadonlyMap<number, Candle>>();

function rowsOf({ name }: Recording): ReadonlyMap<number, Candle> {
  const rows =
    read.get(name) ?? new Map(recordedCandles(name).map((row) => [row.openMs, row] as const));
  read.set(name, rows);
  return rows;
}

/** In units of the last digit; of times in ms. */
function distance(a: string | number, b: string | number): bigint {
  const by = typeof a === 'string' ? scaledOf(a) - scaledOf(String(b)) : BigInt(a) - BigInt(b);
  return by < 0n ? -by : by;
}

function print({ fine, coarse, via = [] }: Pair, rows: number, differing: object): void {
  const way = [fine.code, ...via, coarse.code].join(' → ');
  const mismatches = Object.keys(differing).length === 0 ? '0' : JSON.stringify(differing);
  const market = /KRW-\w+?(?=_)/.exec(fine.name)?.[0] ?? fine.name;
  process.stdout.write(`${market} ${way}: ${rows} rows compared, mismatches ${mismatches}\n`);
}
