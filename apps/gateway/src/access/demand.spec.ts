import { demandOf } from './demand';

const told = (line: string) => {
  const [method = '', route = ''] = line.split(' ');
  const { scope = 'nothing', isConsole, isPublic, changesKeys } = demandOf(method, route);
  const more = { console: isConsole, public: isPublic, key: changesKeys };
  const kinds = Object.entries(more).flatMap(([kind, is]) => (is ? [kind] : []));
  return [scope, ...kinds].join(', ');
};

describe('what a route asks', () => {
  it.each([
    ['GET /health/live', 'nothing'],
    ['GET /health/ready', 'nothing'],
    ['GET /docs', 'nothing'],
    ['GET /docs/:file', 'nothing'],
    ['GET /api/openapi.json', 'nothing'],
    ['GET /admin/login', 'nothing, console'],
    ['POST /admin/login', 'nothing, console'],
    ['GET /v1/candles/minutes/:unit', 'read, public'],
    ['HEAD /api/candles', 'read, public'],
    ['POST /api/candles/batch', 'read, public'],
    ['GET /api/stream', 'read, public'],
    ['GET /api/markets', 'read, public'],
    ['GET /api/coverage', 'read'],
    ['GET /api/candlesticks', 'read'],
    ['GET /api/strategies', 'read'],
    ['GET /metrics', 'read'],
    ['GET /healthy', 'read'],
    ['GET /docsuch', 'read'],
    ['PUT /api/strategies/:id', 'admin'],
    ['POST /api/backfills', 'admin'],
    ['DELETE /api/candles/:market', 'admin'],
    ['PATCH /whatever/comes', 'admin'],
    ['GET /api/keys', 'admin, console'],
    ['POST /api/keys', 'admin, console, key'],
    ['DELETE /api/keys/:id', 'admin, console, key'],
    ['PUT /api/log-level', 'admin, console'],
    ['GET /admin', 'read, console'],
    ['GET /admin/queues/api/queues', 'read, console'],
    ['PUT /admin/queues/api/queues/:name/clean', 'admin, console'],
    ['POST /admin/logout', 'admin, console'],
  ])('%s: %s', (line, demand) => {
    expect(told(line)).toBe(demand);
  });
});
