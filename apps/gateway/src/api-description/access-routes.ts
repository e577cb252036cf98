import { SCOPES } from '@candlekeep/access';
import { z } from 'zod';
import { keyRequestSchema } from '../access/key-request';
import type { RouteGroup } from './route-group';

const instant = z.iso.datetime().describe('ISO 8601, UTC.');
const keySchema = z
  .object({
    id: z.string().regex(/^[a-z2-7]{8}$/),
    name: z.string(),
    scopes: z.array(z.enum(SCOPES)).min(1),
    rowsPerMinute: z.int().positive().describe('Candles that may be answered in a minute.'),
    createdAt: instant,
    revokedAt: instant.nullable(),
    lastUsedAt: instant.nullable().describe('Written down about every ten seconds.'),
  })
  .describe('A key, without its secret.');

const key = {
  ...{ id: 'k5xw2mqa', name: 'bots', scopes: ['read'], rowsPerMinute: 20_000_000 },
  ...{ createdAt: '2026-01-05T00:00:00.000Z', revokedAt: null, lastUsedAt: null },
};

/** `/api/keys`. */
export const accessRoutes: RouteGroup = {
  tag: 'access',
  description: 'The keys that programs ask with.',
  schemas: {
    ApiKey: keySchema,
    KeyRequest: keyRequestSchema,
    NewApiKey: keySchema
      .extend({
        key: z.string().describe('What to send as a bearer token. It is never shown again.'),
      })
      .describe('A key that was made just now.'),
  },
  routes: [
    {
      ...{ method: 'get', path: '/api/keys', operationId: 'listKeys' },
      summary: 'All keys that ever were, the oldest first.',
      answers: {
        200: { description: 'The keys.', schema: 'ApiKey', isList: true, example: [key] },
      },
      problems: {},
    },
    {
      ...{ method: 'post', path: '/api/keys', operationId: 'createKey' },
      summary: 'Makes a key; every gateway knows it within two seconds.',
      body: {
        schema: 'KeyRequest',
        examples: { reading: { name: 'bots' }, admin: { name: 'me', scope: 'admin' } },
      },
      answers: {
        201: {
          ...{ description: 'The only answer that holds the key itself.', schema: 'NewApiKey' },
          example: { ...key, key: `ck_k5xw2mqa_${'x'.repeat(43)}` },
        },
      },
      problems: {
        400: 'The body is refused: every wrong field is named.',
        415: 'The body must be application/json.',
      },
    },
    {
      ...{ method: 'delete', path: '/api/keys/{id}', operationId: 'revokeKey' },
      summary: 'Revokes a key, and ends what people have logged in with it, within two seconds.',
      parameters: [
        {
          ...{ name: 'id', in: 'path', description: 'The key’s id.' },
          schema: z.string().regex(/^[a-z2-7]{8}$/),
        },
      ],
      answers: { 204: { description: 'It is refused from now on.' } },
      problems: { 404: 'There is no active key of that id.' },
    },
  ],
};
