import type { Clock } from '@candlekeep/clock';
import { type Closable, closeAll, openHttpDoor } from '@candlekeep/lifecycle';
import type { Logger } from '@candlekeep/telemetry';
import type { GatewayEnv } from './env';
import { GatewayModule } from './gateway.module';
import { openGatewayParts } from './gateway-parts';
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
      badUrlBody: refusals.invalidParameter().body(),
      prepare: (app) => {
        if (env.CORS_ORIGINS.length > 0) app.enableCors({ origin: env.CORS_ORIGINS });
      },
    });
    log.info(`gateway listens on ${door.url}`);
    return { close: () => closeAll([parts, door]) };
  } catch (error) {
    await parts.close();
    throw error;
  }
}
