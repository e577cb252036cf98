import {
  type Candle,
  Coverage,
  InvalidValue,
  parseMarketCode,
  type Series,
  Timeframe,
  type TimeRange,
} from '@candlekeep/market';
import fc from 'fast-check';

/** The port as the suite sees it: whoever satisfies this shape can be tested. */
export interface CandleStoreUnderTest {
  read(
    series: Series,
    query: { beforeMs: number; limit: number },
  ): Promise<{ rows: readonly Candle[]; coverage: Coverage }>;
  save(page: {
    series: Series;
    rows: readonly Candle[];
    covered: TimeRange;
  }): Promise<{ inserted: number; corrected: number }>;
}

const MINUTE_MS = 60_000;
const START_MS = Date.UTC(2025, 8, 1);
const EVERYTHING = { beforeMs: Date.UTC(2100, 0), limit: 1_000 };
const NOTHING_CHANGED = { inserted: 0, corrected: 0 };

let seriesCount = 0;

/** A series that no other test of the file has touched. */
export function freshSeries(timeframe = '1m'): Series {
  seriesCount += 1;
  return {
    market: parseMarketCode(`KRW-T${seriesCount}`),
    timeframe: Timeframe.parse(timeframe),
  };
}

/** Open of the `minute`-th one-minute slot of the tests. */
export function openOf(minute: number): number {
  return START_MS + minute * MINUTE_MS;
}

/** The slots from `first` up to and without `until`. */
export function minutes(first: number, until: number): TimeRange {
  return { fromMs: openOf(first), untilMs: openOf(until) };
}

/** A one-minute candle whose close tells candles apart. */
export function candle(minute: number, close = '103460000.00000000'): Candle {
  return {
    openMs: openOf(minute),
    open: '103600000.00000000',
    high: '103600000.00000000',
    low: '103425000.00000000',
    close,
    timestampMs: openOf(minute) + 59_132,
    turnover: '164899503.14206000',
    volume: '1.59335120',
  };
}

/** Registers what every candle store must do; `open` is called once, before the first test. */
export function describeCandleStore(open: () => Promise<CandleStoreUnderTest>): void {
  let store: CandleStoreUnderTest;

  beforeAll(async () => {
    store = await open();
  });

  describeReading(() => store);
  describeSaving(() => store);
  describeRefusals(() => store);

  it('equals a plain model after any pages in any order, repeated or corrected', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(pages, { maxLength: 8 }), queries, async (saves, query) => {
        const series = freshSeries();
        const truth = new Map<number, Candle>();
        for (const { fromMinute, length, traded, close } of saves) {
          const covered = minutes(fromMinute, fromMinute + length);
          const slots = traded.slice(0, length).flatMap((is, i) => (is ? [fromMinute + i] : []));
          const rows = slots.map((minute) => candle(minute, close));
          const news = rows.filter(({ openMs }) => !truth.has(openMs)).length;
          const changed = rows.filter(({ openMs, close: next }) => {
            const known = truth.get(openMs);
            return known !== undefined && known.close !== next;
          }).length;
          const saved = await store.save({ series, rows, covered });
          expect(saved).toEqual({ inserted: news, corrected: changed });
          for (const row of rows) truth.set(row.openMs, row);
        }
        const known = await store.read(series, { ...query, beforeMs: openOf(query.beforeMinute) });
        const before = [...truth.values()].filter((row) => row.openMs < openOf(query.beforeMinute));
        before.sort((a, b) => b.openMs - a.openMs);
        expect(known.rows).toEqual(before.slice(0, query.limit));
        const covered = saves.map(({ fromMinute, length }) =>
          minutes(fromMinute, fromMinute + length),
        );
        expect(known.coverage.ranges).toEqual(Coverage.of(covered).ranges);
      }),
      { numRuns: 60 },
    );
  });
}

const pages = fc.record({
  fromMinute: fc.nat(40),
  length: fc.integer({ min: 1, max: 12 }),
  traded: fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }),
  close: fc.constantFrom('103460000.00000000', '0.00006968', '298.10000000'),
});

const queries = fc.record({ beforeMinute: fc.nat(60), limit: fc.nat(20) });

function describeReading(store: () => CandleStoreUnderTest): void {
  it('knows nothing of a series that was never saved', async () => {
    const known = await store().read(freshSeries(), EVERYTHING);
    expect(known.rows).toEqual([]);
    expect(known.coverage.isEmpty).toBe(true);
  });

  it('reads the newest rows first, without the one that opens at the end', async () => {
    const series = freshSeries();
    const rows = [0, 1, 2, 3, 4].map((minute) => candle(minute));
    await store().save({ series, rows, covered: minutes(0, 5) });
    const known = await store().read(series, { beforeMs: openOf(4), limit: 3 });
    expect(known.rows).toEqual([candle(3), candle(2), candle(1)]);
  });

  it('reads the coverage of the whole series, whatever rows were asked for', async () => {
    const series = freshSeries();
    await store().save({ series, rows: [candle(1)], covered: minutes(0, 5) });
    await store().save({ series, rows: [], covered: minutes(8, 9) });
    const known = await store().read(series, { beforeMs: openOf(0), limit: 0 });
    expect(known.rows).toEqual([]);
    expect(known.coverage.ranges).toEqual([minutes(0, 5), minutes(8, 9)]);
  });

  it('keeps markets and timeframes apart', async () => {
    const series = freshSeries();
    await store().save({ series, rows: [candle(0)], covered: minutes(0, 1) });
    const otherTimeframe = { ...series, timeframe: Timeframe.parse('3m') };
    const otherMarket = { ...series, market: freshSeries().market };
    for (const other of [otherTimeframe, otherMarket]) {
      const known = await store().read(other, EVERYTHING);
      expect(known).toEqual({ rows: [], coverage: Coverage.EMPTY });
    }
  });
}

function describeSaving(store: () => CandleStoreUnderTest): void {
  it('returns every digit that it was given', async () => {
    const series = freshSeries('1d');
    const day: Candle = {
      ...candle(0, '0.00000001'),
      turnover: '17343033068679.96786000',
      volume: '999999999999999999999999999999.99999999',
      daily: {
        previousClose: '51704000.00000000',
        change: '-239000.00000000',
        changeRate: '-0.0046224663',
      },
    };
    await store().save({ series, rows: [day], covered: minutes(0, 1_440) });
    expect((await store().read(series, EVERYTHING)).rows).toEqual([day]);
  });

  it('changes nothing when the same page comes again', async () => {
    const series = freshSeries();
    const page = { series, rows: [candle(0), candle(2)], covered: minutes(0, 3) };
    expect(await store().save(page)).toEqual({ inserted: 2, corrected: 0 });
    const before = await store().read(series, EVERYTHING);
    expect(await store().save(page)).toEqual(NOTHING_CHANGED);
    expect(await store().read(series, EVERYTHING)).toEqual(before);
  });

  it('lets a later read of a final row win, and counts it', async () => {
    const series = freshSeries();
    await store().save({ series, rows: [candle(0), candle(1)], covered: minutes(0, 2) });
    const late = { ...candle(1), timestampMs: openOf(1) + 61_900, volume: '1.59335121' };
    const again = { series, rows: [candle(0), late, candle(2)], covered: minutes(0, 3) };
    expect(await store().save(again)).toEqual({ inserted: 1, corrected: 1 });
    expect((await store().read(series, EVERYTHING)).rows).toEqual([candle(2), late, candle(0)]);
  });

  it('takes another way to write the same amount for the same amount', async () => {
    const series = freshSeries();
    await store().save({ series, rows: [candle(0, '0.00006968')], covered: minutes(0, 1) });
    const rows = [candle(0, '6.968e-05')];
    expect(await store().save({ series, rows, covered: minutes(0, 1) })).toEqual(NOTHING_CHANGED);
  });

  it('remembers that a stretch was asked for and empty', async () => {
    const series = freshSeries();
    const empty = { series, rows: [], covered: minutes(5, 205) };
    expect(await store().save(empty)).toEqual(NOTHING_CHANGED);
    const known = await store().read(series, EVERYTHING);
    expect(known.rows).toEqual([]);
    expect(known.coverage.ranges).toEqual([minutes(5, 205)]);
  });

  it('joins ranges that touch and leaves holes open, back to the beginning of time', async () => {
    const series = freshSeries();
    const sinceEver = { fromMs: 0, untilMs: openOf(0) };
    for (const covered of [minutes(2, 3), minutes(6, 9), minutes(1, 2), sinceEver]) {
      await store().save({ series, rows: [], covered });
    }
    const { coverage } = await store().read(series, EVERYTHING);
    expect(coverage.ranges).toEqual([sinceEver, minutes(1, 3), minutes(6, 9)]);
  });

  it('stores calendar timeframes at their own opens', async () => {
    const series = freshSeries('1M');
    const opens = [Date.UTC(2024, 0), Date.UTC(2024, 1), Date.UTC(2024, 2)];
    const rows = opens.map((openMs) => ({ ...candle(0), openMs }));
    const covered = { fromMs: Date.UTC(2024, 0), untilMs: Date.UTC(2024, 3) };
    await store().save({ series, rows, covered });
    expect((await store().read(series, EVERYTHING)).rows).toEqual(rows.toReversed());
  });
}

function describeRefusals(store: () => CandleStoreUnderTest): void {
  const good = [candle(1), candle(2)];

  it.each([
    ['a row before the covered range', [candle(0), candle(1)], minutes(1, 3)],
    ['a row at the end of the covered range', good, minutes(1, 2)],
    ['a covered range without an instant', [], minutes(3, 3)],
    ['a covered range that runs backwards', [], minutes(3, 2)],
    ['a covered range that is no range', [], { fromMs: NaN, untilMs: openOf(3) }],
    [
      'a row that does not open a candle',
      [{ ...candle(1), openMs: openOf(1) + 1_000 }],
      minutes(1, 3),
    ],
    ['a row that comes twice', [candle(1), candle(1)], minutes(1, 3)],
    ['rows newest first', good.toReversed(), minutes(1, 3)],
    ['an amount with a ninth fraction digit', [candle(1), candle(2, '0.000000001')], minutes(1, 3)],
    ['an amount that is no number', [candle(1), candle(2, 'NaN')], minutes(1, 3)],
  ])('refuses %s and stores nothing of the page', async (_case, rows, covered) => {
    const series = freshSeries();
    await expect(store().save({ series, rows, covered })).rejects.toThrow(InvalidValue);
    const known = await store().read(series, EVERYTHING);
    expect(known).toEqual({ rows: [], coverage: Coverage.EMPTY });
  });

  it.each([-1, 0.5, NaN])('refuses to read %p rows', async (limit) => {
    await expect(store().read(freshSeries(), { ...EVERYTHING, limit })).rejects.toThrow(
      InvalidValue,
    );
  });
}
