import { z } from 'zod';
import type { RouteGroup } from './route-group';

/** `/api/openapi.json`. */
export const apiRoutes: RouteGroup = {
  tag: 'description',
  description: 'This API itself; /docs shows it to people.',
  schemas: {
    ApiDescription: z
      .looseObject({
        openapi: z.string(),
        info: z.looseObject({ title: z.string(), version: z.string() }),
        paths: z.record(z.string(), z.unknown()),
      })
      .describe('An OpenAPI document.'),
  },
  routes: [
    {
      ...{ method: 'get', path: '/api/openapi.json', operationId: 'describeApi' },
      summary: 'This document.',
      answers: {
        200: {
          ...{ description: 'OpenAPI 3.1.', schema: 'ApiDescription' },
          example: { openapi: '3.1.1', info: { title: 'Candlekeep', version: '1' }, paths: {} },
        },
      },
      problems: {},
    },
  ],
};
