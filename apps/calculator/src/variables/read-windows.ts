import type { GatewayCandles } from '../gateway-candles';
import { CandleWindow } from './candle-window';
import type { SeriesPlan } from './plan';
import type { PlannedWindow } from './snapshot';

/**
 * Asks for every planned series at once, which the SDK makes one request of. Rejects with the reason where there is no answer, or where
 * `signal` aborts.
 */
export async function readWindows(
  source: GatewayCandles,
  plans: readonly SeriesPlan[],
  signal: AbortSignal,
): Promise<readonly PlannedWindow[]> {
  return await Promise.all(
    plans.map(async (plan) => {
      const { market, timeframe } = plan.series;
      const wanted = { market, timeframe: timeframe.code, count: plan.count, signal };
      const seen = await source.getCandles(wanted);
      return { plan, window: new CandleWindow(plan.series, seen, plan.count) };
    }),
  );
}
