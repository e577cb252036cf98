import { z } from 'zod';
import { taskExample, taskSchemas } from './history-schemas';
import type { ApiParameter, ApiRoute, RouteGroup } from './route-group';

const TOO_MANY = 'Twenty tasks run already.';

const id: ApiParameter = {
  ...{ name: 'id', in: 'path', description: 'The task.', schema: z.string() },
};

/** The four routes of one kind of task. */
function routesOf(kind: 'Backfill' | 'Verification', purpose: string): readonly ApiRoute[] {
  const path = `/api/${kind.toLowerCase()}s`;
  const example = { ...taskExample, kind: kind.toLowerCase() };
  const summary = { ...example, differences: undefined };
  const located = { Location: 'Where to look at it.' };
  const task = { schema: 'HistoryTask', example };
  const none = { 404: `There is no such ${kind.toLowerCase()}.` };
  return [
    {
      ...{ method: 'post', path, operationId: `open${kind}`, summary: purpose },
      body: {
        schema: 'HistoryWish',
        examples: { day: { market: 'KRW-BTC', timeframe: '1m', from: '2026-01-05' } },
      },
      answers: {
        200: { ...task, description: 'The same is under way already.', headers: located },
        202: { ...task, description: 'It is under way.', headers: located },
      },
      problems: {
        400: 'The wish is refused: every wrong field is named.',
        409: TOO_MANY,
        415: 'No JSON.',
      },
    },
    {
      ...{ method: 'get', path, operationId: `list${kind}s`, summary: 'The newest 100.' },
      answers: {
        200: {
          description: 'Differences are counted, not listed.',
          ...{ schema: 'HistorySummary', isList: true, example: [summary] },
        },
      },
      problems: {},
    },
    {
      ...{ method: 'get', path: `${path}/{id}`, operationId: `get${kind}` },
      ...{ summary: 'One, with its first 100 differences.', parameters: [id] },
      ...{ answers: { 200: { ...task, description: 'The task.' } }, problems: none },
    },
    {
      ...{ method: 'delete', path: `${path}/{id}`, operationId: `cancel${kind}` },
      ...{ summary: 'Cancels it; what it has stored stays.', parameters: [id] },
      ...{ answers: { 200: { ...task, description: 'The task.' } }, problems: none },
    },
  ];
}

/** `/api/backfills`, `/api/verifications`, `/api/reconciliation`. */
export const historyRoutes: RouteGroup = {
  tag: 'history',
  description: 'What is stored, brought further back and held against the exchange.',
  schemas: taskSchemas,
  routes: [
    ...routesOf('Backfill', 'Brings what is unknown of a range into the store.'),
    ...routesOf('Verification', 'Holds what is stored of a range against the exchange.'),
    {
      ...{ method: 'get', path: '/api/reconciliation', operationId: 'getReconciliation' },
      summary: 'What reconciliation has done since ever.',
      answers: {
        200: {
          ...{ description: 'Sums of all workers.', schema: 'Reconciliation' },
          example: { runs: 24, pages: 3, calls: 3, rows: 412, differences: 0, failures: 0 },
        },
      },
      problems: {},
    },
  ],
};
