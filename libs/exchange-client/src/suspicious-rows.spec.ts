import { isoSeconds, parseMarketCode, Timeframe } from '@candlekeep/market';
import fc from 'fast-check';
import { capturedBody } from '../testing/fake-exchange';
import { readCandlePage } from './candle-page';
import { ExchangeMalformed } from './exchange-error';

type Row = Readonly<Record<string, unknown>>;

const series = { market: parseMarketCode('KRW-BTC'), timeframe: Timeframe.parse('1m') };
const COUNT = 60;
/** Neighbouring minutes; the newest opens at 11:19. */
const PAGE = rowsOf(capturedBody('minutes-1-page')).slice(0, COUNT);
const NEWEST_OPEN_MS = Date.UTC(2020, 1, 20, 11, 19);
const ANSWERED_MS = NEWEST_OPEN_MS + 61_000;
const TO_MS = NEWEST_OPEN_MS + 60_000;
const PRICES = ['opening_price', 'high_price', 'low_price', 'trade_price'];
const AMOUNTS = [...PRICES, 'candle_acc_trade_price', 'candle_acc_trade_volume'];
const TIMES = ['candle_date_time_utc', 'candle_date_time_kst'];
const FIELDS = ['market', ...TIMES, ...AMOUNTS, 'timestamp', 'unit'];

function rowsOf(body: string): Row[] {
  return [...body.matchAll(/\{[^{}]*\}/g)].map(([text]) => asRow(JSON.parse(text)));
}

function asRow(content: unknown): Row {
  if (typeof content !== 'object' || content === null) throw new Error('the capture has no rows');
  return { ...content };
}

function read(rows: readonly unknown[], answeredMs = ANSWERED_MS) {
  const answer = {
    target: '/v1/asked',
    status: 200,
    header: () => undefined,
    body: JSON.stringify(rows),
  };
  return readCandlePage(answer, { series, count: COUNT, toMs: TO_MS }, answeredMs);
}

function changed(index: number, change: (row: Row) => Row): Row[] {
  return PAGE.map((row, at) => (at === index ? change(row) : row));
}

/** A row that opens elsewhere, and says so in both of its times. */
function movedTo(row: Row, openMs: number): Row {
  const kst = isoSeconds(openMs + 9 * 3_600_000);
  return { ...row, candle_date_time_utc: isoSeconds(openMs), candle_date_time_kst: kst };
}

describe('one suspicious row refuses the whole page, and is named', () => {
  const open = (index: number) => NEWEST_OPEN_MS - index * 60_000;

  it.each([
    ['of another market', 7, (row: Row) => ({ ...row, market: 'KRW-ETH' }), /market is KRW-ETH/],
    ['off the grid', 7, (row: Row) => movedTo(row, open(7) + 1_000), /utc is not where a 1m/],
    ['whose low is above its high', 7, swapHighLow, /high_price is below low_price/],
    ['open above high', 7, (row: Row) => raised(row, 'opening_price'), /opening_price is outside/],
    ['close above high', 7, (row: Row) => raised(row, 'trade_price'), /trade_price is outside/],
    ['newer than its upper row', 7, (row: Row) => movedTo(row, open(5)), /utc is after the row/],
    [
      'of the open above',
      7,
      (row: Row) => movedTo(row, open(6)),
      /row above it, with other values/,
    ],
    ['that repeats the row above', 7, () => PAGE[6]!, /row above it, with the same values/],
    ['at `to`', 0, (row: Row) => movedTo(row, TO_MS), /utc is not before .* the asked end/],
    ['after `to`', 0, (row: Row) => movedTo(row, TO_MS + 60_000), /utc is not before .*asked end/],
    ['without volume', 7, volume(0), /candle_acc_trade_volume is not above zero/],
    ['of negative volume', 7, volume(-1), /candle_acc_trade_volume is not above zero/],
  ])('a row %s', (_what, index, change, problem) => {
    const rows = changed(index, change);
    expect(() => read(rows)).toThrow(problem);
    expect(() => read(rows)).toThrow(nameOf(index, rows[index]!));
    expect(() => read(rows)).toThrow(ExchangeMalformed);
  });

  it('a row from the future, beyond the second by which the exchange’s clocks differ', () => {
    expect(read(PAGE, NEWEST_OPEN_MS - 1_000)).toHaveLength(COUNT);
    expect(() => read(PAGE, NEWEST_OPEN_MS - 2_000)).toThrow(
      'row 0, KRW-BTC 2020-02-20T11:19:00: candle_date_time_utc is in the future of the answer, whose Date is 2020-02-20T11:18:58',
    );
  });

  it('a row too many', () => {
    const older = movedTo(PAGE[COUNT - 1]!, open(COUNT));
    expect(() => read([...PAGE, older])).toThrow('61 rows came, 60 were asked for');
  });

  it('shows no more of a strange name than a name can be long', () => {
    const rows = changed(0, (row) => ({ ...row, market: 'X'.repeat(100_000) }));
    expect(() => read(rows)).toThrow(`row 0, ${'X'.repeat(30)} 2020`);
  });

  function nameOf(index: number, row: Row): string {
    return `row ${index}, ${String(row.market)} ${String(row.candle_date_time_utc)}: `;
  }
});

const anyIndex = fc.nat({ max: PAGE.length - 1 });
const strangeValue = fc.oneof(
  fc.constantFrom(null, '', 'NaN', '0', true, [], {}),
  fc.string({ maxLength: 5 }),
  fc.constantFrom(-1, 0.5, -0.5, 1e-9, 1.5),
);

describe('a random change of a recorded page', () => {
  it('in the kind of a value is always refused', () => {
    fc.assert(
      fc.property(anyIndex, fc.constantFrom(...FIELDS), strangeValue, (index, field, value) => {
        const isPossible = AMOUNTS.includes(field) && typeof value === 'number';
        fc.pre(!isPossible);
        refused(changed(index, (row) => ({ ...row, [field]: value })));
      }),
    );
  });

  it('that takes a field away is always refused', () => {
    fc.assert(
      fc.property(anyIndex, fc.constantFrom(...FIELDS), (index, field) => {
        refused(changed(index, (row) => ({ ...row, [field]: undefined })));
      }),
    );
  });

  it('in the order or the number of rows is always refused, but for rows that are left out', () => {
    fc.assert(
      fc.property(anyIndex, anyIndex, fc.boolean(), (from, to, isSwap) => {
        fc.pre(from !== to);
        const rows = [...PAGE];
        rows[to] = PAGE[from]!;
        if (isSwap) rows[from] = PAGE[to]!;
        refused(rows);
      }),
    );
  });

  it('of one time alone is always refused, and of both unless the row keeps its place', () => {
    const anyOpenMs = fc
      .integer({ min: -86_400, max: 86_400 })
      .map((s) => NEWEST_OPEN_MS + s * 1_000);
    fc.assert(
      fc.property(anyIndex, anyOpenMs, fc.constantFrom(...TIMES), (index, openMs, field) => {
        const row = PAGE[index]!;
        const moved = movedTo(row, openMs);
        fc.pre(moved.candle_date_time_utc !== row.candle_date_time_utc);
        refused(changed(index, () => ({ ...row, [field]: moved[field] })));
        const isOlderThanAll = index === COUNT - 1 && openMs < NEWEST_OPEN_MS - index * 60_000;
        if (!isOlderThanAll || openMs % 60_000 !== 0) refused(changed(index, () => moved));
      }),
    );
  });

  it('of a price or volume is refused, or leaves a candle that can be', () => {
    const anyAmount = fc.integer({ min: -2_000, max: 40_000 }).map((step) => step * 500);
    fc.assert(
      fc.property(anyIndex, fc.constantFrom(...AMOUNTS), anyAmount, (index, field, amount) => {
        const rows = changed(index, (row) => ({ ...row, [field]: amount }));
        if (!canBe(rows[index]!)) refused(rows);
        else expect(read(rows)).toEqual(read(PAGE).with(-1 - index, read([rows[index]])[0]!));
      }),
      { numRuns: 300 },
    );
  });
});

/** What must hold of a candle, said a second time and in floats: all amounts here are exact in them. */
function canBe(row: Row): boolean {
  const [open, high, low, close, turnover, volume] = AMOUNTS.map((field) => Number(row[field]));
  const isWithin = (price: number) => price >= low! && price <= high!;
  return isWithin(open!) && isWithin(close!) && low! >= 0 && turnover! >= 0 && volume! > 0;
}

function refused(rows: readonly Row[]): void {
  expect(() => read(rows)).toThrow(ExchangeMalformed);
}

function swapHighLow(row: Row): Row {
  const low = Number(row.low_price);
  return { ...row, high_price: low, low_price: low + 1, opening_price: low, trade_price: low };
}

function raised(row: Row, field: string): Row {
  return { ...row, [field]: Number(row.high_price) + 1 };
}

function volume(value: number) {
  return (row: Row): Row => ({ ...row, candle_acc_trade_volume: value });
}
