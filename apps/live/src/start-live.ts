import type { Clock } from '@candlekeep/clock';
import {
  closeAll,
  drainNoticeMs,
  EarlyDoor,
  type Opened,
  openHttpDoor,
  type ProcessPhase,
  readBuild,
} from '@candlekeep/lifecycle';
import {
  type AdjustableLogger,
  Metrics,
  tellPool,
  tellProcessFigures,
} from '@candlekeep/telemetry';
import type { LiveEnv } from './env';
import { openLiveParts } from './live-parts';
import { tellLive } from './metrics/live-figures';
import { LiveModule } from './live.module';

export interface LiveStart {
  readonly env: LiveEnv;
  readonly log: AdjustableLogger;
  readonly clock: Clock;
  readonly phase: ProcessPhase;
}

/** Begins to lead or to stand by and, when `PORT` is set, answers health there. */
export async function startLive(start: LiveStart): Promise<Opened> {
  const { env, log, clock, phase } = start;
  log.adjust(env.LOG_LEVEL);
  const self = { phase, build: readBuild(env.BUILD_COMMIT), startedAtMs: clock.nowMs() };
  const early = await EarlyDoor.open({ host: env.HOST, port: env.PORT }, self);
  const parts = await openLiveParts(start).finally(() => {
    early.release();
  });
  log.info(startLine(env));
  if (env.PORT === undefined) return parts;
  try {
    const { HOST: host, PORT: port } = env;
    const { readiness: checks, status, pool } = parts;
    const metrics = new Metrics('live', clock);
    tellProcessFigures(metrics, self.build, self.startedAtMs);
    tellPool(metrics, pool);
    tellLive(metrics, status);
    const module = LiveModule.with({ ...self, checks }, metrics);
    const health = await openHttpDoor(module, { host, port, clock });
    return { drainNoticeMs: drainNoticeMs(env), close: () => closeAll([health, parts]) };
  } catch (error) {
    await parts.close();
    throw error;
  }
}

function startLine({ LIVE_MARKETS, UPBIT_WS_URL }: LiveEnv): string {
  const markets = LIVE_MARKETS === 'all-krw' ? 'every KRW market' : LIVE_MARKETS.join(', ');
  return `live is to follow ${markets} on ${UPBIT_WS_URL} when it leads`;
}
