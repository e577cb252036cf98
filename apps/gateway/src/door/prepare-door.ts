import type { Server } from 'node:http';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { readJsonBodies } from '../api/json-bodies';
import { answerBrokenRequests } from './broken-requests';
import { readCanonicalUpgrades, readCanonicalUrls } from './canonical-url';
import { answerWithoutRoute } from './route-methods';

/** How requests are read before anybody judges what they ask. To be called before the application has routes. */
export function prepareDoor(app: NestFastifyApplication): void {
  const server = app.getHttpServer();
  prepareServer(server);
  readCanonicalUpgrades(server);
  answerWithoutRoute(app);
  readJsonBodies(app);
}

/** The same for a further server that the application answers by. It takes no upgrades: who offers one is answered plainly. */
export function prepareServer(server: Server): void {
  readCanonicalUrls(server);
  answerBrokenRequests(server);
}
