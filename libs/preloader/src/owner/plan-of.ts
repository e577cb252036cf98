import { seriesName } from '@candlekeep/market';
import type { SeriesWorth } from '@candlekeep/usage';
import type { ActiveNeed } from '../foresight/active-needs';
import type { Foreseer } from '../foresight/foreseer';
import {
  type PreloadPlan,
  SHOWN_EXPECTED,
  SHOWN_SERIES,
  type WarmSeries,
} from '../plan/preload-plan';
import { windowWishes } from './window-wishes';

export interface PlanSources {
  readonly nowMs: number;
  readonly owner: string;
  readonly sinceMs: number;
  readonly budget: PreloadPlan['budget'];
  readonly schedules: readonly PreloadPlan['schedules'][number][];
  readonly counts: PreloadPlan['counts'];
  readonly needs: readonly ActiveNeed[];
  readonly worth: readonly SeriesWorth[];
  readonly foreseer: Pick<Foreseer, 'upcoming'>;
}

const HOUR_MS = 3_600_000;

/** What is preloaded now and why, for people. */
export function planOf(sources: PlanSources): PreloadPlan {
  const { nowMs, owner, sinceMs, budget, schedules, counts, foreseer } = sources;
  const upcoming = foreseer.upcoming(nowMs, nowMs + HOUR_MS, SHOWN_EXPECTED);
  return {
    ...{ atMs: nowMs, owner, sinceMs, budget, schedules: [...schedules], counts },
    warm: warmSeries(sources),
    upcoming: upcoming.map(({ series, ...expected }) => ({
      ...{ market: series.market, timeframe: series.timeframe.code },
      count: expected.count,
      back: expected.back,
      fromMs: expected.fromMs,
      untilMs: expected.untilMs,
      probability: expected.probability,
      source: expected.source,
      why: [expected.why],
    })),
  };
}

function warmSeries({ needs, worth, nowMs }: PlanSources): WarmSeries[] {
  const reasons = reasonsBySeries(needs, worth);
  return windowWishes(needs, worth, nowMs)
    .slice(0, SHOWN_SERIES)
    .map(({ series, rows, untilMs }) => ({
      ...{ market: series.market, timeframe: series.timeframe.code, candles: rows, untilMs },
      why: reasons.get(seriesName(series)) ?? ['longer candles of this market are folded from it'],
    }));
}

function reasonsBySeries(
  needs: readonly ActiveNeed[],
  worth: readonly SeriesWorth[],
): ReadonlyMap<string, string[]> {
  const reasons = new Map<string, string[]>();
  const add = (name: string, reason: string): void => {
    reasons.set(name, [...(reasons.get(name) ?? []), reason]);
  };
  for (const { series, strategies, candles } of needs) {
    add(seriesName(series), `strategies ${strategies.join(', ')} need ${candles} candles`);
  }
  for (const { series, share, nextUseMs } of worth) {
    if (nextUseMs === undefined) continue;
    const percent = Math.round(share * 1_000) / 10;
    add(seriesName(series), `${percent} % of all questions; expected again`);
  }
  return reasons;
}
