import { isDeepStrictEqual } from 'node:util';
import type { Call, Sandwich, SideBySide } from './side-by-side';

/** A candle as a client told it. */
export interface ToldCandle {
  readonly openMs: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly volume: number;
  /** All that the client told about it. */
  readonly whole: unknown;
}

/** Behind the newest row, this many may have left a page while it was still growing. */
const STILL_GROWING = 3;
/** A thin market is still for a second in one attempt of three. */
const ATTEMPTS = 25;

/**
 * Expects candles (oldest first) of a gateway, read between two answers of the exchange. What the exchange said the same both times
 * must be the same here; a row that grew meanwhile must lie between its two states. Nothing may be missing or too much.
 */
export function expectCandlesBetween(
  { call, before, ours, after }: Sandwich,
  read: (value: unknown) => ToldCandle[],
): void {
  if (isDeepStrictEqual(before, after)) {
    expect({ call, told: ours }).toEqual({ call, told: after });
    return;
  }
  const [first, told, last] = [read(before), read(ours), read(after)];
  expectOrder(first.length, told.length, last.length);
  for (const end of [0, -1]) expectOrder(...openAt(end, first, told, last));
  const opens = allOpens(first, last).filter((openMs) => openMs <= (told.at(-1)?.openMs ?? 0));
  expect(told.map(({ openMs }) => openMs)).toEqual(opens.slice(-told.length));
  const settled = settledRows(first, last);
  const isSettled = ({ openMs }: ToldCandle): boolean => settled.has(openMs);
  expect(told.filter(isSettled)).toEqual(
    told.filter(isSettled).map(({ openMs }) => settled.get(openMs)),
  );
  for (const row of told.filter((candle) => !isSettled(candle))) {
    expectGrown(byOpen(first).get(row.openMs), row);
    expectGrown(row, byOpen(last).get(row.openMs));
  }
}

/** Expects calls to return the same from both sides, each at a moment when nothing was traded meanwhile. */
export async function expectSameWhenStill(
  sides: SideBySide,
  calls: readonly Call[],
): Promise<void> {
  let moving = calls;
  for (let attempt = 0; moving.length > 0; attempt += 1) {
    if (attempt === ATTEMPTS) {
      throw new Error(`these answers changed between any two calls: ${JSON.stringify(moving)}`);
    }
    const answers = await sides.sandwiches(moving);
    const isStill = ({ before, after }: Sandwich): boolean => isDeepStrictEqual(before, after);
    for (const { call, ours, after } of answers.filter(isStill)) {
      expect({ call, told: ours }).toEqual({ call, told: after });
    }
    moving = answers.filter((answer) => !isStill(answer)).map(({ call }) => call);
  }
}

/** Expects of two sights of a candle what trades do: the open stays, high and low part, volume rises. */
function expectGrown(young: ToldCandle | undefined, old: ToldCandle | undefined): void {
  if (young === undefined || old === undefined) return;
  expect(old.open).toBe(young.open);
  expect(old.high).toBeGreaterThanOrEqual(young.high);
  expect(old.low).toBeLessThanOrEqual(young.low);
  expect(old.volume).toBeGreaterThanOrEqual(young.volume);
}

/** Each candle that was streamed, beside what is known of it later; both as trades grow them. Throws where one is not known yet. */
export function expectKnownLater(
  streamed: readonly ToldCandle[],
  known: readonly ToldCandle[],
): readonly (readonly [streamed: ToldCandle, known: ToldCandle])[] {
  const byKey = byOpen(known);
  return streamed.map((row) => {
    const later = byKey.get(row.openMs);
    if (later === undefined) throw new Error(`the candle at ${row.openMs} is not known yet`);
    expectGrown(row, later);
    return [row, later];
  });
}

function openAt(index: number, ...answers: readonly ToldCandle[][]): [number, number, number] {
  const [first = 0, told = 0, last = 0] = answers.map((rows) => rows.at(index)?.openMs);
  return [first, told, last];
}

function allOpens(...answers: readonly ToldCandle[][]): number[] {
  return [...new Set(answers.flat().map(({ openMs }) => openMs))].sort((a, b) => a - b);
}

function expectOrder(least: number, value: number, most: number): void {
  expect(value).toBeGreaterThanOrEqual(least);
  expect(value).toBeLessThanOrEqual(most);
}

/** Rows that cannot have changed between the two answers: told equally in both, or long past when they left the page. */
function settledRows(
  first: readonly ToldCandle[],
  last: readonly ToldCandle[],
): Map<number, ToldCandle> {
  const later = byOpen(last);
  const rows = first.filter((row, i) => {
    const again = later.get(row.openMs);
    if (again === undefined) return i < first.length - STILL_GROWING;
    return isDeepStrictEqual(again, row);
  });
  return byOpen(rows);
}

function byOpen(rows: readonly ToldCandle[]): Map<number, ToldCandle> {
  return new Map(rows.map((row) => [row.openMs, row]));
}
