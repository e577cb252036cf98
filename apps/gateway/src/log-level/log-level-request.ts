import { type LevelWish, LOGGING_PROCESSES } from '@candlekeep/log-levels';
import { LOG_LEVELS } from '@candlekeep/telemetry';
import { z } from 'zod';
import { badRequest } from '../api/api-refusal';

const LONGEST_S = 86_400;
const SECONDS = 600;
const EXPECTED_SECONDS = `expected a whole number of seconds from 1 to ${LONGEST_S}`;

/** What `PUT /api/log-level` takes. */
export const logLevelRequestSchema = z.strictObject(
  {
    level: z.enum(LOG_LEVELS, `expected one of ${LOG_LEVELS.join(', ')}`),
    process: z
      .enum(
        LOGGING_PROCESSES,
        `expected one of ${LOGGING_PROCESSES.join(', ')}, or nothing for all`,
      )
      .optional(),
    seconds: z
      .int(EXPECTED_SECONDS)
      .min(1, EXPECTED_SECONDS)
      .max(LONGEST_S, EXPECTED_SECONDS)
      .default(SECONDS),
  },
  {
    error: ({ code }) =>
      code === 'unrecognized_keys'
        ? 'expected level, process and seconds alone'
        : 'expected an object such as {"level": "debug"}',
  },
);

/** Throws an `ApiRefusal` that names every wrong field. */
export function parseLogLevelRequest(body: unknown): LevelWish {
  const parsed = logLevelRequestSchema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw badRequest(
    parsed.error.issues.map(({ path, message }) => ({
      field: path.length === 0 ? 'body' : path.join('.'),
      expected: message,
    })),
  );
}
