import { type LevelWish, LOGGING_PROCESSES } from '@candlekeep/log-levels';
import { LOG_LEVELS } from '@candlekeep/telemetry';
import { z } from 'zod';
import { badRequest } from '../api/api-refusal';

const LONGEST_S = 86_400;
const SECONDS = 600;

/** What `PUT /api/log-level` takes. */
export const logLevelRequestSchema = z.strictObject({
  level: z.enum(LOG_LEVELS, `one of ${LOG_LEVELS.join(', ')}`),
  process: z
    .enum(LOGGING_PROCESSES, `one of ${LOGGING_PROCESSES.join(', ')}, or nothing for all`)
    .optional(),
  seconds: z
    .int(`a whole number of seconds from 1 to ${LONGEST_S}`)
    .min(1, `a whole number of seconds from 1 to ${LONGEST_S}`)
    .max(LONGEST_S, `a whole number of seconds from 1 to ${LONGEST_S}`)
    .default(SECONDS),
});

/** Throws the 400 that names each wrong field. */
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
