import { demandOf } from './demand';

const told = (line: string) => {
  const [method = '', route = ''] = line.split(' ');
  const { scope = 'nothing', isConsole } = demandOf(method, route);
  return isConsole ? `${scope}, console` : scope;
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
    ['GET /v1/candles/minutes/:unit', 'read'],
    ['HEAD /api/candles', 'read'],
    ['POST /api/candles/batch', 'read'],
    ['GET /api/stream', 'read'],
    ['GET /metrics', 'read'],
    ['GET /healthy', 'read'],
    ['GET /docsuch', 'read'],
    ['PUT /api/strategies/:id', 'admin'],
    ['POST /api/backfills', 'admin'],
    ['DELETE /api/candles/:market', 'admin'],
    ['PATCH /whatever/comes', 'admin'],
    ['GET /api/keys', 'admin, console'],
    ['DELETE /api/keys/:id', 'admin, console'],
    ['PUT /api/log-level', 'admin, console'],
    ['GET /admin', 'read, console'],
    ['GET /admin/queues/api/queues', 'read, console'],
    ['PUT /admin/queues/api/queues/:name/clean', 'admin, console'],
    ['POST /admin/logout', 'admin, console'],
  ])('%s: %s', (line, demand) => {
    expect(told(line)).toBe(demand);
  });
});
