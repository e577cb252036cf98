import {
  type Candle,
  Coverage,
  InvalidValue,
  type Provenance,
  type TimeRange,
} from '@candlekeep/market';
import type { WindowSight } from './candle-window';
import type { Head } from './known-candles';
import { decodeRow } from './row-codec';

/** What read-window.lua saw, and when: epoch µs, so that reads of one millisecond keep their order. */
export interface WindowReading {
  readonly sight: WindowSight;
  readonly readAtUs: number;
}

const READING_PARTS = 8;
/** The year 2286: no row of ours is of a later one. */
const LATEST_MS = 1e13;

/** Reads the reply of read-window.lua. Throws a TypeError for a reply of another shape. */
export function parseReading(reply: unknown): WindowReading {
  if (!Array.isArray(reply) || reply.length !== READING_PARTS) {
    throw new TypeError('read-window.lua gave a reply of another shape: is its version this one?');
  }
  const [readAtUs, coverage, fromMs, seenAtMs, provenance, headRows, rows, keptFromMs] =
    reply.map(String);
  const final = parseRows(rows);
  requireNewestFirst(final);
  const head = parseHead({ fromMs, seenAtMs, provenance, rows: headRows });
  const sight = {
    nowMs: Math.floor(Number(readAtUs) / 1_000),
    keptFromMs: Number(keptFromMs),
    coverage: parseCoverage(coverage),
    rows: final,
    ...(head === undefined ? {} : { head }),
  };
  return { sight, readAtUs: Number(readAtUs) };
}

/** Figures, and what stands between them. One look at the whole text: one at each field would take longer than decoding it. */
const NO_FIGURES = /[^\d.,\n-]/;

function parseRows(text = ''): Candle[] {
  if (text === '') return [];
  if (NO_FIGURES.test(text)) throw new InvalidValue('rows of L1 hold what is no figure');
  return text.split('\n').map(decodeRow);
}

function requireNewestFirst(rows: readonly Candle[]): void {
  rows.forEach(({ openMs }, index) => {
    const newer = rows[index - 1];
    if (newer === undefined || openMs < newer.openMs) return;
    throw new InvalidValue(`the row of ${openMs} stands below that of ${newer.openMs} in L1`);
  });
}

function parseCoverage(text = ''): Coverage {
  const ranges = text.split(',').filter((range) => range !== '');
  return Coverage.of(ranges.map(parseRange));
}

function parseRange(text: string): TimeRange {
  const [fromMs = NaN, untilMs = NaN, ...more] = text.split(':').map(Number);
  const isRange = Number.isSafeInteger(fromMs) && Number.isSafeInteger(untilMs) && fromMs < untilMs;
  if (isRange && more.length === 0) return { fromMs, untilMs };
  throw new InvalidValue(`"${text}" is not a covered range: expected from:until, in ms`);
}

type HeadTexts = Readonly<Record<keyof Head, string | undefined>>;

function parseHead({ fromMs, seenAtMs, provenance, rows }: HeadTexts): Head | undefined {
  if (fromMs === undefined || fromMs === '') return undefined;
  return {
    fromMs: instantOf(fromMs),
    seenAtMs: instantOf(seenAtMs),
    rows: parseRows(rows),
    provenance: parseProvenance(provenance),
  };
}

function instantOf(text = ''): number {
  const epochMs = Number(text);
  if (/^\d+$/.test(text) && epochMs < LATEST_MS) return epochMs;
  throw new InvalidValue(`"${text}" is not an instant of L1's head: expected epoch ms`);
}

/** Heads of before there was a choice carry none: they were read from the exchange. */
function parseProvenance(text = ''): Provenance {
  switch (text) {
    case 'native':
    case 'fold':
    case 'stream':
      return text;
    case '':
      return 'native';
    default:
      throw new InvalidValue(`"${text}" is not a provenance: expected native, fold or stream`);
  }
}
