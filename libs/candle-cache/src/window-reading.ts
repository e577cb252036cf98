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

/** Reads the reply of read-window.lua. Throws a TypeError for a reply of another shape. */
export function parseReading(reply: unknown): WindowReading {
  if (!Array.isArray(reply) || reply.length !== READING_PARTS) {
    throw new TypeError('read-window.lua gave a reply of another shape: is its version this one?');
  }
  const [readAtUs, coverage, fromMs, seenAtMs, provenance, headRows, rows, keptFromMs] =
    reply.map(String);
  const head = parseHead({ fromMs, seenAtMs, provenance, rows: headRows });
  const sight = {
    nowMs: Math.floor(Number(readAtUs) / 1_000),
    keptFromMs: Number(keptFromMs),
    coverage: parseCoverage(coverage),
    rows: parseRows(rows),
    ...(head === undefined ? {} : { head }),
  };
  return { sight, readAtUs: Number(readAtUs) };
}

function parseRows(text = ''): Candle[] {
  return text === '' ? [] : text.split('\n').map(decodeRow);
}

function parseCoverage(text = ''): Coverage {
  const ranges = text.split(',').filter((range) => range !== '');
  return Coverage.of(ranges.map(parseRange));
}

function parseRange(text: string): TimeRange {
  const [fromMs, untilMs] = text.split(':').map(Number);
  return { fromMs: fromMs ?? 0, untilMs: untilMs ?? 0 };
}

type HeadTexts = Readonly<Record<keyof Head, string | undefined>>;

function parseHead({ fromMs, seenAtMs, provenance, rows }: HeadTexts): Head | undefined {
  if (fromMs === undefined || fromMs === '') return undefined;
  return {
    fromMs: Number(fromMs),
    seenAtMs: Number(seenAtMs),
    rows: parseRows(rows),
    provenance: parseProvenance(provenance),
  };
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
