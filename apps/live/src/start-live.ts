import {
  openBehindEarlyDoor,
  type Opened,
  openHealthDoor,
  type ProcessSelf,
} from '@candlekeep/lifecycle';
import { type Metrics, openMetrics } from '@candlekeep/telemetry';
import type { LiveEnv, LiveStart } from './env';
import { type LiveParts, openLiveParts } from './live-parts';
import { tellLive } from './metrics/live-figures';

/** Begins to lead or to stand by and, when `PORT` is set, answers health there. */
export async function startLive(start: LiveStart): Promise<Opened> {
  return await openBehindEarlyDoor(start, {
    openParts: () => openLiveParts(start),
    openDoor: (parts, self, makeWay) => {
      start.log.info(startLine(start.env));
      const metrics = () => metricsOf(start, parts, self);
      return openHealthDoor(start, parts, { self, checks: parts.readiness, metrics, makeWay });
    },
  });
}

function metricsOf(
  { clock }: LiveStart,
  { status, pool, connections }: LiveParts,
  self: ProcessSelf,
): Metrics {
  const metrics = openMetrics('live', { ...self, clock, pool, connections });
  tellLive(metrics, status);
  return metrics;
}

function startLine({ LIVE_MARKETS, UPBIT_WS_URL }: LiveEnv): string {
  const markets = LIVE_MARKETS === 'all-krw' ? 'every KRW market' : LIVE_MARKETS.join(', ');
  return `live is to follow ${markets} on ${UPBIT_WS_URL} when it leads`;
}
