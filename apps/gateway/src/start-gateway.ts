import type { Server } from 'node:http';
import {
  closeAll,
  drainNoticeMs,
  openBehindEarlyDoor,
  type Opened,
  openHttpDoor,
  type ProcessSelf,
} from '@candlekeep/lifecycle';
import { answerWhatIsReady } from './candles/ready-answers';
import { allowOrigins } from './cors';
import { openDoorNotice } from './access';
import type { GatewayStart } from './env';
import { GatewayModule } from './gateway.module';
import { type GatewayParts, openGatewayParts } from './gateway-parts';
import { logUnderIds, nameRequests } from './door/request-ids';
import { prepareDoor, prepareServer } from './door/prepare-door';
import { notYet } from './door/refusal-reply';
import { unreadableUrl } from './door/unreadable-url';
import { traceRequests } from './tracing/request-traces';

/** Opens the tiers, then listens. When listening fails, what was opened is closed again. */
export async function startGateway(start: GatewayStart): Promise<Opened> {
  return await openBehindEarlyDoor(start, {
    openParts: () => openGatewayParts(start),
    openDoor: (parts, self, makeWay) => openDoor(start, parts, self, makeWay),
    refuse: notYet,
  });
}

async function openDoor(
  start: GatewayStart,
  parts: GatewayParts,
  self: ProcessSelf,
  makeWay: () => void,
): Promise<Opened> {
  const { env, log, clock } = start;
  const door = await openHttpDoor(GatewayModule.with(parts, self), {
    host: env.HOST,
    port: env.PORT,
    clock,
    makeWay,
    badUrl: unreadableUrl,
    rewriteUrl: parts.access.queryKeys.take,
    ...adminDoor(start, parts),
    prepare: (app) => {
      parts.access.underWay.attachLines(app);
      parts.metering.attach(app);
      traceRequests(app, parts.tracing.tracer);
      nameRequests(app, clock);
      prepareDoor(app);
      allowOrigins(app, env.CORS_ORIGINS);
      parts.access.gate.attach(app);
      parts.access.underWay.attachKeys(app);
      answerWhatIsReady(app, { ...parts, usage: parts.foresight.usage });
      logUnderIds(app);
      parts.admin.attach(app);
      parts.streams.server.attach(app.getHttpServer());
    },
  });
  log.info(`gateway listens on ${door.url}`);
  if (door.sideUrl !== undefined) log.info(`the administration is at ${door.sideUrl}/admin`);
  const notice = openDoorNotice(env);
  if (notice !== undefined) log[notice.level](notice.text);
  return {
    drainNoticeMs: drainNoticeMs(env),
    close: () => closeAll([parts, door, parts.foresight.runEvents, parts.streams]),
  };
}

/** A door that the administration has for itself, where one is wished for. */
function adminDoor({ env: { ADMIN_HOST, ADMIN_PORT } }: GatewayStart, { access }: GatewayParts) {
  if (ADMIN_PORT === undefined) return {};
  const prepare = (server: Server): void => {
    prepareServer(server);
    access.gate.watchAdminDoor(server);
    access.underWay.endUnread(server);
  };
  return { sideDoor: { host: ADMIN_HOST, port: ADMIN_PORT, prepare } };
}
