import type { Clock } from '@candlekeep/clock';
import { type Closable, closeAll, openHttpDoor } from '@candlekeep/lifecycle';
import type { Logger } from '@candlekeep/telemetry';
import { answerWhatIsReady } from './candles/ready-answers';
import { allowOrigins } from './cors';
import type { GatewayEnv } from './env';
import { GatewayModule } from './gateway.module';
import { openGatewayParts } from './gateway-parts';
import { acceptEmptyBodies } from './api/empty-body';
import { isOwnApi, PROBLEM_TYPE, problemBody } from './api/problem-body';
import { refusals } from './upbit-refusal';

export interface GatewayStart {
  readonly env: GatewayEnv;
  readonly log: Logger;
  readonly clock: Clock;
}

/** Opens the tiers, then listens. When listening fails, what was opened is closed again. */
export async function startGateway(start: GatewayStart): Promise<Closable> {
  const { env, log, clock } = start;
  const parts = await openGatewayParts(start);
  try {
    const door = await openHttpDoor(GatewayModule.with(parts), {
      host: env.HOST,
      port: env.PORT,
      clock,
      badUrl,
      prepare: (app) => {
        acceptEmptyBodies(app);
        allowOrigins(app, env.CORS_ORIGINS);
        answerWhatIsReady(app, { ...parts, usage: parts.foresight.usage });
        parts.streams.server.attach(app.getHttpServer());
      },
    });
    log.info(`gateway listens on ${door.url}`);
    return { close: () => closeAll([parts, door, parts.foresight.runEvents, parts.streams]) };
  } catch (error) {
    await parts.close();
    throw error;
  }
}

/** The 400 for a URL whose escapes are broken, in the words of whoever was asked. */
function badUrl(url: string) {
  if (isOwnApi(url)) {
    return { type: PROBLEM_TYPE, body: problemBody(400, 'The URL has a broken % escape.') };
  }
  return { type: 'application/json;charset=UTF-8', body: refusals.invalidParameter().body() };
}
