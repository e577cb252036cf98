import type { Timeframe } from '@candlekeep/market';
import { MINUTE, rowsShown, type Tape } from '../support/tape';
import type { TimedRequest } from './timed-request';

/** A call that somebody could make. */
export interface PossibleCall {
  readonly atMs: number;
  readonly timeframe: Timeframe;
  /** Infinity for the newest rows. */
  readonly toMs: number;
}

export interface SmallExchange {
  readonly tape: Tape;
  readonly pageRows: number;
}

/** A row as a call showed it. */
interface ShownRow {
  readonly timeframe: Timeframe;
  readonly openMs: number;
  readonly atMs: number;
}

/**
 * Whether these calls, and no others, answer all requests, by the plain meaning of an answer: what the exchange showed at some
 * instant no older than the maximum age. A closed candle is known from a page read after its close, or from those of all its
 * traded minutes; a forming one from a page read at that instant, or from its minutes as they were shown then and before.
 */
export function canAnswer(
  calls: readonly PossibleCall[],
  requests: readonly TimedRequest[],
  exchange: SmallExchange,
): boolean {
  const shown = calls.flatMap((call) => rowsOf(call, exchange));
  return requests.every((request) => {
    const known = shown.filter(({ atMs }) => atMs <= request.atMs);
    // Nothing new is seen between two calls, so these are all the instants of which an answer can be.
    const instants = [
      request.atMs,
      request.atMs - request.maxAgeMs,
      ...calls.map(({ atMs }) => atMs),
    ];
    return instants
      .filter((ms) => ms >= request.atMs - request.maxAgeMs && ms <= request.atMs)
      .some((asOfMs) => isKnownAsOf(asOfMs, request, { known, tape: exchange.tape }));
  });
}

function rowsOf(
  { atMs, timeframe, toMs }: PossibleCall,
  { tape, pageRows }: SmallExchange,
): ShownRow[] {
  const end = rowsShown(tape, timeframe, { beforeMs: toMs, nowMs: atMs });
  const length = Math.min(end, pageRows);
  return Array.from({ length }, (_, index) => {
    return { timeframe, openMs: tape.openOf(timeframe, end - 1 - index), atMs };
  });
}

interface Knowledge {
  readonly known: readonly ShownRow[];
  readonly tape: Tape;
}

function isKnownAsOf(
  asOfMs: number,
  { series: { timeframe }, beforeMs, count }: TimedRequest,
  knowledge: Knowledge,
): boolean {
  const { tape } = knowledge;
  const end = rowsShown(tape, timeframe, { beforeMs, nowMs: asOfMs });
  // That there is a forming row, or none, must have been seen as well.
  if (beforeMs > timeframe.floor(asOfMs) && !hasSeenPresent(asOfMs, timeframe, knowledge))
    return false;
  for (let row = Math.max(0, end - count); row < end; row += 1) {
    if (!isRowKnown(tape.openOf(timeframe, row), { timeframe, asOfMs }, knowledge)) return false;
  }
  return true;
}

function hasSeenPresent(asOfMs: number, timeframe: Timeframe, { known, tape }: Knowledge): boolean {
  return known.some((row) => {
    const newest = rowsShown(tape, row.timeframe, { beforeMs: Infinity, nowMs: asOfMs }) - 1;
    const isNewest = row.openMs === tape.openOf(row.timeframe, newest);
    return (
      row.atMs === asOfMs && isNewest && (row.timeframe === timeframe || row.timeframe === MINUTE)
    );
  });
}

/** Whether the row, as it was at an instant, follows from what was shown: from itself, or from each of its traded minutes. */
function isRowKnown(
  openMs: number,
  { timeframe, asOfMs }: { timeframe: Timeframe; asOfMs: number },
  { known, tape }: Knowledge,
): boolean {
  const isShown = (of: Timeframe, rowMs: number): boolean =>
    known.some(
      (row) =>
        row.timeframe === of &&
        row.openMs === rowMs &&
        (row.atMs === asOfMs || (of.closeOf(rowMs) <= row.atMs && of.closeOf(rowMs) <= asOfMs)),
    );
  if (isShown(timeframe, openMs)) return true;
  const first = tape.rowsBefore(MINUTE, openMs);
  const end = tape.rowsBefore(MINUTE, Math.min(timeframe.closeOf(openMs), asOfMs + 1));
  for (let minute = first; minute < end; minute += 1) {
    if (!isShown(MINUTE, tape.openOf(MINUTE, minute))) return false;
  }
  return true;
}
