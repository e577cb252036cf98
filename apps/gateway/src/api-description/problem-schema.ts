import { STATUS_CODES } from 'node:http';
import { z } from 'zod';

/** Problem details (RFC 9457), as every refusal is answered. */
export const problemSchema = z
  .object({
    type: z.literal('about:blank'),
    title: z.string(),
    status: z.int().min(400).max(599),
    detail: z.string().describe('What happened, to what, and what to do.'),
    errors: z
      .array(z.object({ field: z.string(), expected: z.string() }))
      .optional()
      .describe('Everything that is wrong with the request, each with what would be right.'),
  })
  .describe('Problem details (RFC 9457).');

/** A refusal with this status; a bad request names its fields. */
export function problemExample(status: number, detail: string): z.infer<typeof problemSchema> {
  const title = STATUS_CODES[status] ?? '';
  const problem = { type: 'about:blank', title, status, detail } as const;
  if (status !== 400) return problem;
  const field = 'management[1].conditions[0].params.period';
  const expected = 'expected a whole number from 2 to 240 for RSI; 1 is none';
  const said = `The request cannot be met. ${field}: ${expected}.`;
  return { ...problem, detail: said, errors: [{ field, expected }] };
}
