import type { StreamFault } from '../../apps/exchange-simulator/src/stream/stream-faults';
import { HOUR_MS, MINUTE_MS } from '../economy/calculators';
import type { Deed, LiveDay } from './live-day';

/** What goes wrong on a day, and for how long. */
export interface FaultDay {
  readonly name: string;
  readonly lastsMs: number;
  /** What is done from the instant on at which the fault begins, until it ends. */
  readonly deeds: (span: { readonly fromMs: number; readonly untilMs: number }) => readonly Deed[];
}

const SECOND_MS = 1_000;

/** Every way in which the stream, the exchange, L1 or the leader fails here. */
export const FAULT_DAYS: readonly FaultDay[] = [
  streamDay('the stream is silent for 5 minutes', 5 * MINUTE_MS, { kind: 'stream-silent' }),
  {
    name: 'the connection is cut every 20 s for 10 minutes',
    lastsMs: 10 * MINUTE_MS,
    deeds: ({ fromMs, untilMs }) =>
      every(20 * SECOND_MS, fromMs, untilMs).map((atMs) =>
        deed(atMs, (day) => {
          day.cut();
        }),
      ),
  },
  streamDay('1 frame in 3 comes twice', 10 * MINUTE_MS, { kind: 'stream-duplicate', oneIn: 3 }),
  streamDay('1 frame in 5 comes behind the next 3', 10 * MINUTE_MS, {
    ...{ kind: 'stream-reorder', oneIn: 5, behind: 3 },
  }),
  streamDay('1 frame in 50 is lost', 10 * MINUTE_MS, { kind: 'stream-drop', oneIn: 50 }),
  streamDay('frames are 3 s late for 10 minutes', 10 * MINUTE_MS, {
    ...{ kind: 'stream-late', byMs: 3_000 },
  }),
  {
    name: 'maintenance of 6 hours: no REST, no stream',
    lastsMs: 6 * HOUR_MS,
    deeds: ({ fromMs, untilMs }) => [
      deed(fromMs, (day) => {
        maintain(day, true);
        day.cut();
      }),
      deed(untilMs, (day) => {
        maintain(day, false);
      }),
    ],
  },
  {
    name: 'L1 is emptied, once a minute',
    lastsMs: 5 * MINUTE_MS,
    deeds: ({ fromMs, untilMs }) =>
      every(61_300, fromMs, untilMs + 1).map((atMs) => deed(atMs, (day) => day.window.loseAll())),
  },
  {
    name: 'a new leader in the 59.9th second, the old one goes on unaware',
    lastsMs: 3 * MINUTE_MS,
    deeds: ({ fromMs, untilMs }) =>
      edges(fromMs, untilMs).map((atMs) => deed(atMs, (day) => day.lead())),
  },
  {
    name: 'the leader dies in the 59.9th second, the next leads 5 s later',
    lastsMs: 3 * MINUTE_MS,
    deeds: ({ fromMs, untilMs }) =>
      edges(fromMs, untilMs).flatMap((atMs) => [
        deed(atMs, (day) => day.terms.at(-1)?.end()),
        deed(atMs + 5 * SECOND_MS, (day) => day.lead()),
      ]),
  },
];

function streamDay(name: string, lastsMs: number, fault: StreamFault): FaultDay {
  return {
    name,
    lastsMs,
    deeds: ({ fromMs, untilMs }) => [
      deed(fromMs, (day) => day.faults.begin(fault)),
      deed(untilMs, (day) => {
        day.faults.end(fault.kind);
      }),
    ],
  };
}

function deed(atMs: number, act: Deed['act']): Deed {
  return { atMs, act };
}

function maintain(day: LiveDay, isAway: boolean): void {
  day.exchange.isDown = isAway;
  day.isStreamAway = isAway;
}

function every(stepMs: number, fromMs: number, untilMs: number): number[] {
  const instants: number[] = [];
  for (let atMs = fromMs; atMs < untilMs; atMs += stepMs) instants.push(atMs);
  return instants;
}

/** The 59.9th seconds of the minutes. */
function edges(fromMs: number, untilMs: number): number[] {
  const firstMs = Math.ceil(fromMs / MINUTE_MS) * MINUTE_MS;
  return every(MINUTE_MS, firstMs, untilMs + MINUTE_MS).map((edgeMs) => edgeMs - 100);
}
