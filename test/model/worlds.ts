import { type MarketCode, parseMarketCode } from '@candlekeep/market';
import { DAY_MS, HOUR_MS, World, type WorldKind } from './world';

/** A week in which a day, a week, a month and a year end. */
export const FIRST_START_MS = Date.UTC(2025, 11, 27);
export const LAST_START_MS = Date.UTC(2026, 0, 2);
/** No run goes on for longer than this. */
export const LONGEST_RUN_MS = 40 * DAY_MS;

const base = {
  untilMs: LAST_START_MS + LONGEST_RUN_MS + 2 * DAY_MS,
  denseFromMs: FIRST_START_MS - 4 * DAY_MS,
};
const KINDS: readonly WorldKind[] = [
  {
    ...{ ...base, name: 'BUSY', listedMs: Date.UTC(2024, 7, 15, 3, 4, 5), veryLateOneIn: 40 },
    densities: [0.97, 0.97, 0.9, 0.6, 0],
  },
  {
    ...{ ...base, name: 'THIN', listedMs: Date.UTC(2024, 10, 3, 9), veryLateOneIn: 9 },
    densities: [0.02, 0.006, 0, 0.15],
  },
  {
    ...{
      ...base,
      name: 'YOUNG',
      listedMs: Date.UTC(2025, 11, 29, 17, 30) + HOUR_MS / 3,
      veryLateOneIn: 60,
    },
    densities: [0.9, 0.4],
  },
];

/** The markets of the model for one seed: a busy one, a thin one, and one that is listed about when the run begins. */
export function worldsOf(seed: number): ReadonlyMap<MarketCode, World> {
  return new Map(
    KINDS.map((kind, i) => [parseMarketCode(`KRW-${kind.name}`), new World(kind, seed * 31 + i)]),
  );
}
