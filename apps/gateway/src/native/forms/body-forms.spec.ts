import { type Candle, parseMarketCode, Timeframe } from '@candlekeep/market';
import { tableFromIPC } from 'apache-arrow';
import { columnsOf } from '../candle-columns';
import type { CandleSlot } from '../candle-slot';
import { type BodyMeta, type Layout, wholeBody } from './body-form';
import { bodyForms, type Format } from './body-forms';

const openMs = Date.UTC(2026, 0, 5);
/** A turnover that no double holds. */
const candle: Candle = {
  ...{ openMs, open: '131000000.00000000', high: '131250000.10000000', low: '0.00000001' },
  ...{ close: '131100000.00000000', volume: '1.40198190', turnover: '98765432109876543.12345678' },
  timestampMs: openMs + 59_812,
};
const slots: readonly CandleSlot[] = [
  { openMs, candle },
  { openMs: openMs + 60_000 },
  { openMs: openMs + 120_000, carried: '131100000.00000000' },
];
const timeframe = Timeframe.parse('1m');
const series = { market: parseMarketCode('KRW-BTC'), timeframe };
const layout: Layout = {
  ...{ series, columns: columnsOf(timeframe) },
  ...{ numbers: 'text', withEmptyFlag: true },
};
const meta: BodyMeta = {
  ...{ asOfMs: openMs + 180_000, finalCount: 2, source: 'l1', staleMs: 0 },
  short: { wanted: 5, got: 3, reason: 'history-begins' },
};

const write = (format: Format, more: Partial<Layout> = {}, given = slots) =>
  wholeBody(bodyForms[format].begin({ ...layout, ...more }), given, meta);
const text = (format: Format, more?: Partial<Layout>, given?: readonly CandleSlot[]) =>
  write(format, more, given).body.toString();

describe('rows', () => {
  it('are one object a slot, every digit kept, with what is said of them behind', () => {
    expect(text('rows')).toBe(
      '{"market":"KRW-BTC","timeframe":"1m","candles":[' +
        `{"openMs":${openMs},"open":"131000000.00000000","high":"131250000.10000000","low":"0.00000001",` +
        '"close":"131100000.00000000","volume":"1.40198190","turnover":"98765432109876543.12345678",' +
        `"timestampMs":${openMs + 59_812},"isEmpty":false},` +
        `{"openMs":${openMs + 60_000},"open":null,"high":null,"low":null,"close":null,"volume":null,"turnover":null,"timestampMs":null,"isEmpty":true},` +
        `{"openMs":${openMs + 120_000},"open":"131100000.00000000","high":"131100000.00000000","low":"131100000.00000000","close":"131100000.00000000","volume":"0","turnover":"0","timestampMs":null,"isEmpty":true}` +
        `],"asOfMs":${openMs + 180_000},"finalCount":2,"short":{"wanted":5,"got":3,"reason":"history-begins"},"source":"l1"}`,
    );
  });

  it('print numbers with the digits of the text, through no float', () => {
    expect(text('rows', { numbers: 'number' })).toContain('"turnover":98765432109876543.12345678,');
    expect(JSON.parse(text('rows', { numbers: 'number' }))).toMatchObject({
      candles: [{ close: 131_100_000 }, { close: null }, { volume: 0 }],
    });
  });

  it('may be none', () => {
    expect(JSON.parse(text('rows', {}, []))).toMatchObject({ market: 'KRW-BTC', candles: [] });
  });

  it('say by how much they are stale, only where they are', () => {
    const writer = bodyForms.rows.begin(layout);
    expect(
      JSON.parse(wholeBody(writer, [], { ...meta, staleMs: 7 }).body.toString()),
    ).toMatchObject({ staleMs: 7 });
    expect(text('rows')).not.toContain('staleMs');
  });

  it('have one tag as long as the candles are the same, whenever they were seen', () => {
    const later = wholeBody(bodyForms.rows.begin(layout), slots, { ...meta, asOfMs: 1 });
    expect(later.entityTag).toBe(write('rows').entityTag);
    expect(write('rows', {}, slots.slice(1)).entityTag).not.toBe(later.entityTag);
    expect(write('columns').entityTag).not.toBe(later.entityTag);
  });
});

describe('columns', () => {
  it('are one list each, in the order asked', () => {
    const columns = columnsOf(timeframe).filter(({ name }) => /close|openMs/.test(name));
    expect(text('columns', { columns })).toBe(
      `{"market":"KRW-BTC","timeframe":"1m","columns":{"openMs":[${openMs},${openMs + 60_000},${openMs + 120_000}],` +
        '"close":["131100000.00000000",null,"131100000.00000000"],"isEmpty":[false,true,true]}' +
        `,"asOfMs":${openMs + 180_000},"finalCount":2,"short":{"wanted":5,"got":3,"reason":"history-begins"},"source":"l1"}`,
    );
    expect(JSON.parse(text('columns', { withEmptyFlag: false }, []))).toMatchObject({
      columns: { openMs: [], close: [] },
    });
  });
});

describe('CSV', () => {
  it('is a line of names and a line a slot, empty where there is nothing', () => {
    expect(text('csv').split('\r\n')).toEqual([
      'openMs,open,high,low,close,volume,turnover,timestampMs,isEmpty',
      `${openMs},131000000.00000000,131250000.10000000,0.00000001,131100000.00000000,1.40198190,98765432109876543.12345678,${openMs + 59_812},false`,
      `${openMs + 60_000},,,,,,,,true`,
      `${openMs + 120_000},131100000.00000000,131100000.00000000,131100000.00000000,131100000.00000000,0,0,,true`,
      '',
    ]);
    expect(text('csv', { withEmptyFlag: false }, [])).toBe(
      'openMs,open,high,low,close,volume,turnover,timestampMs\r\n',
    );
  });
});

describe('Arrow', () => {
  it('is an IPC stream of timestamps and exact text, a batch a portion', () => {
    const writer = bodyForms.arrow.begin(layout);
    const parts = [slots.slice(0, 2), [], slots.slice(2)].map((portion) => writer.add(portion));
    const table = tableFromIPC(Buffer.concat([...parts, writer.finish(), writer.meta(meta)]));
    expect(table.schema.metadata).toEqual(
      new Map([
        ['market', 'KRW-BTC'],
        ['timeframe', '1m'],
      ]),
    );
    expect(table.batches).toHaveLength(2);
    expect(table.schema.fields.map(({ name, type }) => `${name} ${String(type)}`)).toEqual([
      'openMs Timestamp<MILLISECOND, UTC>',
      ...['open', 'high', 'low', 'close', 'volume', 'turnover'].map((name) => `${name} Utf8`),
      'timestampMs Timestamp<MILLISECOND, UTC>',
      'isEmpty Bool',
    ]);
    const read = Array.from({ length: table.numRows }, (_, index): unknown =>
      table.get(index)?.toJSON(),
    );
    expect(read).toEqual([
      { ...candle, isEmpty: false },
      {
        ...{ openMs: openMs + 60_000, open: null, high: null, low: null, close: null },
        ...{ volume: null, turnover: null, timestampMs: null, isEmpty: true },
      },
      {
        ...{ openMs: openMs + 120_000, open: candle.close, high: candle.close, low: candle.close },
        ...{ close: candle.close, volume: '0', turnover: '0', timestampMs: null, isEmpty: true },
      },
    ]);
  });

  it('has doubles where numbers are asked for', () => {
    const table = tableFromIPC(write('arrow', { numbers: 'number' }).body);
    expect(table.getChild('close')?.toArray()).toEqual(
      Float64Array.of(131_100_000, 0, 131_100_000),
    );
    expect(table.getChild('close')?.get(1)).toBeNull();
    expect(table.getChild('low')?.get(0)).toBe(0.000_000_01);
  });

  it('keeps nulls and flags apart in more slots than a byte has bits', () => {
    const many = Array.from({ length: 1_000 }, (_, index): CandleSlot => {
      const at = { openMs: openMs + index * 60_000 };
      return index % 3 === 0 ? { ...at, candle: { ...candle, ...at } } : at;
    });
    const table = tableFromIPC(write('arrow', {}, many).body);
    expect(table.numRows).toBe(1_000);
    for (const index of [0, 1, 2, 8, 9, 63, 64, 65, 998, 999]) {
      const isTraded = index % 3 === 0;
      expect(table.getChild('open')?.get(index)).toBe(isTraded ? candle.open : null);
      expect(table.getChild('isEmpty')?.get(index)).toBe(!isTraded);
    }
  });

  it('may hold nothing', () => {
    const table = tableFromIPC(write('arrow', {}, []).body);
    expect([table.numRows, table.numCols]).toEqual([0, 9]);
  });
});
