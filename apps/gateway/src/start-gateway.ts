import type { Server } from 'node:http';
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
import type { AdjustableLogger } from '@candlekeep/telemetry';
import { answerWhatIsReady } from './candles/ready-answers';
import { allowOrigins } from './cors';
import type { GatewayEnv } from './env';
import { GatewayModule } from './gateway.module';
import { type GatewayParts, openGatewayParts } from './gateway-parts';
import { logUnderIds, nameRequests } from './door/request-ids';
import { prepareDoor, prepareServer } from './door/prepare-door';
import { unreadableUrl } from './door/unreadable-url';

export interface GatewayStart {
  readonly env: GatewayEnv;
  readonly log: AdjustableLogger;
  readonly clock: Clock;
  readonly phase: ProcessPhase;
}

/** Opens the tiers, then listens. When listening fails, what was opened is closed again. */
export async function startGateway(start: GatewayStart): Promise<Opened> {
  const { env, log, clock, phase } = start;
  log.adjust(env.LOG_LEVEL);
  const self = { phase, build: readBuild(env.BUILD_COMMIT), startedAtMs: clock.nowMs() };
  const early = await EarlyDoor.open({ host: env.HOST, port: env.PORT }, self);
  const parts = await openGatewayParts(start).finally(() => {
    early.release();
  });
  try {
    const door = await openHttpDoor(GatewayModule.with(parts, self), {
      host: env.HOST,
      port: env.PORT,
      clock,
      badUrl: unreadableUrl,
      rewriteUrl: parts.access.queryKeys.take,
      ...adminDoor(start, parts),
      prepare: (app) => {
        parts.metering.attach(app);
        nameRequests(app, clock);
        prepareDoor(app);
        allowOrigins(app, env.CORS_ORIGINS);
        parts.access.gate.attach(app);
        answerWhatIsReady(app, { ...parts, usage: parts.foresight.usage });
        logUnderIds(app);
        parts.admin.attach(app);
        parts.streams.server.attach(app.getHttpServer());
      },
    });
    log.info(`gateway listens on ${door.url}`);
    if (door.sideUrl !== undefined) log.info(`the administration is at ${door.sideUrl}/admin`);
    return {
      drainNoticeMs: drainNoticeMs(env),
      close: () => closeAll([parts, door, parts.foresight.runEvents, parts.streams]),
    };
  } catch (error) {
    await parts.close();
    throw error;
  }
}

/** A door that the administration has for itself, where one is wished for. */
function adminDoor({ env: { ADMIN_HOST, ADMIN_PORT } }: GatewayStart, { access }: GatewayParts) {
  if (ADMIN_PORT === undefined) return {};
  const prepare = (server: Server): void => {
    prepareServer(server);
    access.gate.watchAdminDoor(server);
  };
  return { sideDoor: { host: ADMIN_HOST, port: ADMIN_PORT, prepare } };
}
