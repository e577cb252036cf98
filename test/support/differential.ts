import type { HttpAnswer } from './http-get';
import type { Question } from './random-question';

/** Asks one side. */
export type Ask = (path: string, headers?: Record<string, string>) => Promise<HttpAnswer>;

export interface Comparison {
  readonly path: string;
  /** Undefined when the answers agree. */
  readonly difference?: string;
  readonly status: number;
  /** How much could be compared: all of it, or only the rows beyond change, since the newest moved meanwhile. */
  readonly extent: 'whole' | 'closed rows';
}

/** A run of questions, several under way at once. */
export interface Run {
  readonly questions: { next(): Question };
  readonly count: number;
  readonly atOnce: number;
  /** Asks us; `lane` spreads the questions over gateways. */
  readonly ours: (lane: number) => Ask;
  readonly theirs: Ask;
  readonly nowMs: () => number;
}

/** Compares at least `count` answers. */
export async function compareAll({
  questions,
  count,
  atOnce,
  ours,
  theirs,
  nowMs,
}: Run): Promise<Comparison[]> {
  const results: Comparison[] = [];
  const work = async (lane: number): Promise<void> => {
    while (results.length < count) {
      results.push(await compare(questions.next(), ours(lane), theirs, nowMs));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, (_, lane) => work(lane)));
  return results;
}

const WAYS_MS = 10_000;

/**
 * Puts one question to the exchange, to us, and to the exchange again. What the exchange said the same both times, we must have
 * said too, byte for byte with status and entity tag; where the newest rows moved in between, at least every closed row.
 */
async function compare(
  question: Question,
  ours: Ask,
  theirs: Ask,
  nowMs: () => number,
): Promise<Comparison> {
  const { path } = question;
  const askedMs = nowMs();
  const headers: Record<string, string> = question.isSettled(askedMs)
    ? {}
    : { 'cache-control': 'no-cache' };
  const before = await theirs(path);
  const answer = await ours(path, headers);
  const after = await theirs(path);
  const { status } = answer;
  if (fingerprint(before) === fingerprint(after)) {
    const difference = differenceOf(fingerprint(answer), fingerprint(after));
    return { path, status, extent: 'whole', ...difference };
  }
  const untilMs = askedMs - WAYS_MS;
  const [ownRows, trueRows] = [rowsOf(answer.body), rowsOf(after.body)];
  // Where nothing was traded for a while rows stand apart, and in one answer further than in the other.
  const lastMs = untilMs - Math.max(stepOf(ownRows), stepOf(trueRows));
  const [own, true_] = [closedRows(ownRows, lastMs), closedRows(trueRows, lastMs)];
  const common = Math.min(own.length, true_.length);
  const isShort = own.length < true_.length - 2;
  const difference = isShort
    ? { difference: `${own.length} closed rows instead of ${true_.length}` }
    : differenceOf(own.slice(0, common).join('\n'), true_.slice(0, common).join('\n'));
  return { path, status, extent: 'closed rows', ...difference };
}

function fingerprint({ status, headers, body }: HttpAnswer): string {
  const tag = status === 200 ? (headers.etag ?? 'no entity tag') : '';
  return `${status} ${tag} ${body}`;
}

function differenceOf(own: string, theirs: string): { difference?: string } {
  if (own === theirs) return {};
  let at = 0;
  while (own[at] === theirs[at]) at += 1;
  const around = (text: string): string => text.slice(Math.max(0, at - 80), at + 120);
  return { difference: `at character ${at}: ours …${around(own)}… theirs …${around(theirs)}…` };
}

function rowsOf(body: string): string[] {
  return body.slice(1, -1).split(/(?<=\}),/);
}

/** Between the newest two, ms. */
function stepOf([newest = '', next = '']: readonly string[]): number {
  const stepMs = openOf(newest) - openOf(next);
  return Number.isNaN(stepMs) ? 0 : stepMs;
}

/** Rows that open at `lastMs` at the latest cannot differ; told by the text of their open, newest first. */
function closedRows(rows: readonly string[], lastMs: number): string[] {
  return rows.filter((row) => openOf(row) <= lastMs).slice(1);
}

function openOf(row: string): number {
  const text = /"candle_date_time_utc":"([^"]+)"/.exec(row)?.[1] ?? '';
  return Date.parse(`${text}Z`);
}
