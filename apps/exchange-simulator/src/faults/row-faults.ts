import { isoSeconds } from '@candlekeep/market';
import { z } from 'zod';
import { JSON_TYPE, type Reply } from '../http/reply';
import type { Disturbance } from './disturbance';
import { disturbingKind, type FaultKind } from './fault-kind';
import { bodyOf, memberOf, rowsOf, withMember, withoutMember } from './json-rows';

const SECOND_MS = 1_000;
const KST_AHEAD_MS = 9 * 3_600_000;
/** Whole weeks, so a row moved by it stays on the grid of all units up to a week. */
const FUTURE_MS = 364 * 86_400_000;

const row = z.number().int().min(0).max(500).optional();
const field = z.string().max(100).default('trade_price');

/** Valid JSON that cannot be true. The number of rows stays what it was; an answer without rows stays as it is. */
export const ROW_FAULTS: readonly FaultKind[] = [
  disturbingKind({
    kind: 'missing-field',
    about:
      'a row lacks a member; field ("trade_price"), row (index, 0 is the first; the middle one)',
    options: { field, row },
    make: (options) => changingRow(options, (text) => withoutMember(text, options.field)),
  }),
  disturbingKind({
    kind: 'nan-text',
    about: 'a number is a text; text ("NaN"), field ("trade_price"), row (the middle one)',
    options: { field, row, text: z.string().max(100).default('NaN') },
    make: (options) =>
      changingRow(options, (text) => withMember(text, options.field, JSON.stringify(options.text))),
  }),
  disturbingKind({
    kind: 'rows-out-of-order',
    about: 'a row and the one before it change places; row (the middle one)',
    options: { row },
    make: (options) => changingRows(options, swapped),
  }),
  disturbingKind({
    kind: 'foreign-row',
    about: 'a row of another market; market ("KRW-XRP"), row (the middle one)',
    options: { row, market: z.string().max(40).default('KRW-XRP') },
    make: (options) =>
      changingRow(options, (text) => withMember(text, 'market', JSON.stringify(options.market))),
  }),
  disturbingKind({
    kind: 'duplicate-row',
    about:
      'a row twice, the last one falls off; otherValues (false): with another volume; row (the middle one)',
    options: { row, otherValues: z.boolean().default(false) },
    make: (options) => changingRows(options, options.otherValues ? doubledOtherwise : doubled),
  }),
  disturbingKind({
    kind: 'off-grid-row',
    about: 'a candle opens a second late (for seconds: a repeated slot); row (the middle one)',
    options: { row },
    make: (options) => changingRow(options, (text) => openedLater(text, SECOND_MS)),
  }),
  disturbingKind({
    kind: 'low-above-high',
    about: 'a candle whose low is above its high; row (the middle one)',
    options: { row },
    make: (options) => changingRow(options, withLowAboveHigh),
  }),
  disturbingKind({
    kind: 'future-row',
    about: 'the first row is a candle of 52 weeks later, the last one falls off',
    options: {},
    make: () => changingRows({ row: 0 }, withFuture),
  }),
];

interface WhichRow {
  readonly row?: number | undefined;
}

function changingRow(which: WhichRow, change: (text: string) => string): Disturbance {
  return changingRows(which, (rows, at) =>
    rows.map((text, index) => (index === at ? change(text) : text)),
  );
}

function changingRows(
  which: WhichRow,
  change: (rows: readonly string[], at: number) => readonly string[],
): Disturbance {
  const reply = (original: Reply): Reply => {
    const hasRows = original.status === 200 && original.contentType === JSON_TYPE;
    const rows = hasRows ? (rowsOf(original.body) ?? []) : [];
    if (rows.length === 0) return original;
    const at = Math.min(which.row ?? Math.floor(rows.length / 2), rows.length - 1);
    return { ...original, body: bodyOf(change(rows, at).slice(0, rows.length)) };
  };
  return { reply };
}

function swapped(rows: readonly string[], at: number): string[] {
  const from = Math.max(at - 1, 0);
  return [...rows.slice(0, from), ...rows.slice(from, from + 2).reverse(), ...rows.slice(from + 2)];
}

function doubled(rows: readonly string[], at: number): string[] {
  return [...rows.slice(0, at + 1), ...rows.slice(at)];
}

function doubledOtherwise(rows: readonly string[], at: number): string[] {
  return doubled(rows, at).map((text, index) =>
    index === at + 1 ? withLarger(text, 'candle_acc_trade_volume') : text,
  );
}

function withFuture(rows: readonly string[]): string[] {
  return [openedLater(rows[0] ?? '', FUTURE_MS), ...rows];
}

function withLowAboveHigh(text: string): string {
  const high = memberOf(text, 'high_price');
  return high === undefined ? text : withLarger(withMember(text, 'low_price', high), 'low_price');
}

/** Ten times a number and more, without reading it: another digit before all others. */
function withLarger(text: string, name: string): string {
  return withMember(text, name, `9${memberOf(text, name) ?? ''}`);
}

/** Moves both labels of a candle; its timestamp stays. */
function openedLater(text: string, byMs: number): string {
  const label = memberOf(text, 'candle_date_time_utc')?.slice(1, -1);
  if (label === undefined) return text;
  const openMs = Date.parse(`${label}Z`) + byMs;
  const moved = withMember(text, 'candle_date_time_utc', `"${isoSeconds(openMs)}"`);
  return withMember(moved, 'candle_date_time_kst', `"${isoSeconds(openMs + KST_AHEAD_MS)}"`);
}
