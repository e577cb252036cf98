import path from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import '../access';

const PAGE_FOLDER = path.join(__dirname, 'page');
/** The package does not let its `dist` be resolved. */
const CHART_FOLDER = path.join(
  path.dirname(require.resolve('lightweight-charts/package.json')),
  'dist',
);
const CHART_FILE = 'lightweight-charts.standalone.production.mjs';

/** `/admin`, the dashboard, its files under `/admin/assets`, and `/admin/visitor`: as whom one looks at it. */
export function dashboardRoutes(admin: FastifyInstance): void {
  admin.register(fastifyStatic, {
    root: PAGE_FOLDER,
    prefix: '/assets/',
    index: false,
    cacheControl: false,
    setHeaders: askAgain,
  });
  const page = (_request: FastifyRequest, reply: FastifyReply) => reply.sendFile('dashboard.html');
  admin.get('/', page);
  admin.get('/visitor', ({ principal: { kind, name } }, reply) =>
    reply.header('cache-control', 'no-store').send({ kind, name }),
  );
  admin.get('/assets/lightweight-charts.js', (_request, reply) =>
    reply.sendFile(CHART_FILE, CHART_FOLDER),
  );
}

/** Asks whether the file is still the same (304): after an upgrade nobody sees half of two versions. */
function askAgain(reply: FastifyReply): void {
  void reply.header('cache-control', 'no-cache');
}
