import { readFileSync } from 'node:fs';
import path from 'node:path';
import {
  type Candle,
  Coverage,
  decimalText,
  newestSlots,
  parseMarketCode,
  type Series,
  slotsWithin,
  Timeframe,
} from '@candlekeep/market';
import { recordedCandles } from '../../../test/support/recorded-candles';
import { PAGE_ROWS } from './candle-query';
import { type ExchangePage, judgePage, SETTLE_MS } from './page-evidence';
import { tileOf } from './tile';

const DAY_MS = 86_400_000;
const FAR_FUTURE_MS = Date.UTC(2200, 0);

describe('pages of a recorded thin market', () => {
  const series = { market: parseMarketCode('KRW-KNC'), timeframe: Timeframe.parse('3m') };
  const recorded = recordedCandles('upbit_KRW-KNC_3m_20230711_20230811');
  const [firstMs, lastMs] = [recorded[0]!.openMs, recorded.at(-1)!.openMs];
  const untilMs = series.timeframe.closeOf(lastMs);

  it('reach back further than 200 slots, and leave no seam when each goes on where the last one ended', () => {
    const pages = pagesBack((fromMs) => fromMs);
    const reach = pages.map(({ covered }) => slotsWithin(series.timeframe, covered));
    expect(pages).toHaveLength(70);
    expect(Math.min(...reach)).toBe(200);
    expect(Math.max(...reach)).toBe(299);
    expect(Coverage.of(pages.map(({ covered }) => covered)).ranges).toHaveLength(1);
    expect(pages.flatMap(({ finals }) => finals)).toHaveLength(pages.length * PAGE_ROWS);
  });

  it('prove each of the 814 silent slots empty, the 93 of the maintenance among them', () => {
    const known = Coverage.of(pagesBack((fromMs) => fromMs).map(({ covered }) => covered));
    const traded = new Set(recorded.map(({ openMs }) => openMs));
    const empty = slotsOf(series.timeframe, firstMs, untilMs).filter((open) => !traded.has(open));
    const proven = empty.filter((openMs) => openMs >= known.ranges[0]!.fromMs);
    expect(empty).toHaveLength(814);
    expect(proven.filter(isCovered(known))).toEqual(proven);
    const maintenanceMs = Date.UTC(2023, 7, 8, 17);
    const maintenance = empty.filter(
      (openMs) => openMs >= maintenanceMs && openMs < series.timeframe.shift(maintenanceMs, 93),
    );
    expect(maintenance).toHaveLength(93);
    expect(maintenance.filter(isCovered(known))).toHaveLength(93);
  });

  it('reach over the start of their tile, however thin the market was', () => {
    for (const { covered } of pagesBack((fromMs) => tileEnd(fromMs))) {
      const tile = tileOf(series.timeframe, covered.untilMs - 1);
      expect(covered.fromMs).toBeLessThanOrEqual(tile.fromMs);
      expect(covered.fromMs).toBeLessThanOrEqual(
        newestSlots(series.timeframe, covered.untilMs, PAGE_ROWS).fromMs,
      );
    }
  });

  /** Judged pages from the newest row back, as long as the recording can fill them; the next one ends where `next` says. */
  function pagesBack(next: (fromMs: number) => number) {
    const pages = [];
    let toMs = untilMs;
    for (;;) {
      const before = recorded.filter(({ openMs }) => openMs < toMs);
      if (before.length < PAGE_ROWS) return pages;
      const judged = judgePage(pageOf(series, before.slice(-PAGE_ROWS), toMs));
      pages.push(judged);
      toMs = next(judged.covered.fromMs);
    }
  }

  function tileEnd(fromMs: number): number {
    return tileOf(series.timeframe, fromMs - 1).untilMs;
  }
});

describe('a day that a cache in the wild kept half-finished', () => {
  const series = { market: parseMarketCode('KRW-BTC'), timeframe: Timeframe.parse('1d') };

  it.each(frozenDays())(
    'is never final while it lasts, nor before it has settled ($day)',
    (row) => {
      const { openMs } = row.partial;
      for (let ageMs = 0; ageMs < DAY_MS + SETTLE_MS; ageMs += 599_000) {
        const page = pageOf(series, [row.partial], undefined, openMs + ageMs);
        const { covered, finals, head } = judgePage(page);
        expect(finals).toEqual([]);
        expect(covered.untilMs).toBeLessThanOrEqual(openMs);
        expect(head?.rows).toEqual([row.partial]);
      }
    },
  );

  it.each(frozenDays().filter(({ final }) => final !== undefined))(
    'is final as the exchange shows it once it has settled ($day)',
    ({ partial, final }) => {
      const readMs = partial.openMs + DAY_MS + SETTLE_MS;
      const { finals, head } = judgePage(pageOf(series, [final!], undefined, readMs));
      expect(finals).toEqual([final]);
      expect(head?.rows).toEqual([]);
    },
  );
});

function pageOf(
  series: Series,
  candles: readonly Candle[],
  toMs: number | undefined,
  readMs = FAR_FUTURE_MS,
): ExchangePage {
  const bound = toMs === undefined ? {} : { toMs };
  // One row stands for a page that is full: what lies before it is not asked here.
  return {
    series,
    ...bound,
    requested: candles.length,
    candles,
    readAt: { earliestMs: readMs, latestMs: readMs },
  };
}

function slotsOf(timeframe: Timeframe, fromMs: number, untilMs: number): number[] {
  const slots: number[] = [];
  for (let at = fromMs; at < untilMs; at = timeframe.closeOf(at)) slots.push(at);
  return slots;
}

function isCovered(coverage: Coverage) {
  return (openMs: number) => coverage.contains({ fromMs: openMs, untilMs: openMs + 1 });
}

interface FrozenDay {
  readonly day: string;
  readonly partial: Candle;
  /** As it was read after its end, where the source has that. */
  readonly final: Candle | undefined;
}

/** Each day that the source kept as it stood at some moment of that day. */
function frozenDays(): FrozenDay[] {
  const file = path.resolve('..', 'shared', 'data', 'frozen_partial_daily_candle_example.csv');
  const [, ...lines] = readFileSync(file, 'utf8').trim().split('\n');
  const rows = lines.map((line) => ({
    row: rowOf(line),
    isFinal: line.includes('same day, final'),
  }));
  return ['2025-12-27', '2026-01-02'].map((day) => {
    const ofDay = rows.filter(({ row }) => row.openMs === Date.parse(day));
    const partial = ofDay.find(({ isFinal }) => !isFinal)!.row;
    return { day, partial, final: ofDay.find(({ isFinal }) => isFinal)?.row };
  });
}

function rowOf(line: string): Candle {
  const fields = line.replace(/^"[^"]*",/, '').split(',');
  const [, time = '', ...texts] = fields;
  const [open = '', high = '', low = '', close = '', volume = '', turnover = ''] = texts
    .slice(0, 6)
    .map((text) => decimalText(text));
  const openMs = Date.parse(time);
  return { openMs, timestampMs: openMs, open, high, low, close, volume, turnover };
}
