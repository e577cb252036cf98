import { LOGGING_PROCESSES } from '@candlekeep/log-levels';
import { LOG_LEVELS } from '@candlekeep/telemetry';
import { z } from 'zod';
import { logLevelRequestSchema } from '../log-level/log-level-request';
import type { RouteGroup } from './route-group';

const level = z.enum(LOG_LEVELS).optional();

/** `/api/log-level`. */
export const logLevelRoutes: RouteGroup = {
  tag: 'logs',
  description: 'What running processes log.',
  schemas: {
    LogLevelRequest: logLevelRequestSchema,
    LogLevels: z
      .object(Object.fromEntries(LOGGING_PROCESSES.map((name) => [name, level])))
      .describe('What each kind of process was told; absent where its own LOG_LEVEL holds.'),
  },
  routes: [
    {
      ...{ method: 'get', path: '/api/log-level', operationId: 'readLogLevels' },
      summary: 'What running processes were told to log.',
      answers: {
        200: { description: 'The levels.', schema: 'LogLevels', example: { worker: 'debug' } },
      },
      problems: {},
    },
    {
      ...{ method: 'put', path: '/api/log-level', operationId: 'setLogLevel' },
      summary: 'Has running processes log from a level on, for a while; within two seconds.',
      body: {
        schema: 'LogLevelRequest',
        examples: {
          all: { level: 'debug' },
          workers: { level: 'debug', process: 'worker', seconds: 60 },
        },
      },
      answers: { 204: { description: 'It is said.' } },
      problems: {
        400: 'The body is refused: every wrong field is named.',
        415: 'The body must be application/json.',
      },
    },
  ],
};
