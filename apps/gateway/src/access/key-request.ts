import { isKeyName, type KeyWish, MOST_ROWS_PER_MINUTE, SCOPES } from '@candlekeep/access';
import { z } from 'zod';
import { badRequest } from '../api/api-refusal';

const ROWS = `expected from 1 to ${MOST_ROWS_PER_MINUTE.toLocaleString('en')} rows`;

/** What `POST /api/keys` takes. */
export const keyRequestSchema = z
  .strictObject(
    {
      name: z
        .string('expected a name such as bots')
        .refine(isKeyName, 'expected 1 to 64 letters, digits, or characters of _.:-')
        .meta({ pattern: '^[A-Za-z0-9_.:-]{1,64}$' })
        .describe('Callers that say no name of their own are known by it.'),
      scope: z
        .enum(SCOPES, `expected one of ${SCOPES.join(', ')}`)
        .default('read')
        .describe('read asks; admin also changes things.'),
      rowsPerMinute: z
        .int('expected a whole number of rows')
        .min(1, ROWS)
        .max(MOST_ROWS_PER_MINUTE, ROWS)
        .optional()
        .describe('Candles that may be answered in a minute; 20,000,000 when left out.'),
    },
    {
      error: ({ code }) =>
        code === 'unrecognized_keys'
          ? 'expected name, scope and rowsPerMinute alone'
          : 'expected an object such as {"name": "bots"}',
    },
  )
  .describe('A key to be made.');

/** Throws an `ApiRefusal` that names every wrong field. */
export function parseKeyRequest(body: unknown): KeyWish {
  const parsed = keyRequestSchema.safeParse(body);
  if (parsed.success) {
    const { rowsPerMinute, ...wish } = parsed.data;
    return rowsPerMinute === undefined ? wish : { ...wish, rowsPerMinute };
  }
  throw badRequest(
    parsed.error.issues.map(({ path, message }) => ({
      field: path.length === 0 ? 'body' : path.join('.'),
      expected: message,
    })),
  );
}
