import type { Clock } from '@candlekeep/clock';
import { type Closable, closeAll, openHttpDoor } from '@candlekeep/lifecycle';
import type { Logger } from '@candlekeep/telemetry';
import type { LiveEnv } from './env';
import { openLiveParts } from './live-parts';
import { LiveModule } from './live.module';

export interface LiveStart {
  readonly env: LiveEnv;
  readonly log: Logger;
  readonly clock: Clock;
}

/** Begins to lead or to stand by and, when `PORT` is set, answers health there. */
export async function startLive(start: LiveStart): Promise<Closable> {
  const { env, log, clock } = start;
  const parts = await openLiveParts(start);
  log.info(startLine(env));
  if (env.PORT === undefined) return parts;
  try {
    const { HOST: host, PORT: port } = env;
    const health = await openHttpDoor(LiveModule.with(parts.readiness), { host, port, clock });
    return { close: () => closeAll([health, parts]) };
  } catch (error) {
    await parts.close();
    throw error;
  }
}

function startLine({ LIVE_MARKETS, UPBIT_WS_URL }: LiveEnv): string {
  const markets = LIVE_MARKETS === 'all-krw' ? 'every KRW market' : LIVE_MARKETS.join(', ');
  return `live is to follow ${markets} on ${UPBIT_WS_URL} when it leads`;
}
