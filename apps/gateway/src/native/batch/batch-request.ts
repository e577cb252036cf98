import { z } from 'zod';
import { badRequest, type FieldProblem } from '../../api/api-refusal';
import { DEFAULT_COUNT, type NativeQuestion, type NewestSpan } from '../question/native-question';
import { parseQuestion } from '../question/question-schema';

const MOST_REQUESTS = 100;
const MOST_ROWS = 100_000;

const EXPECTED = `expected 1 to ${MOST_REQUESTS} questions`;
const AGE = 'expected whole seconds from 0 on';

/** Only what holds the list; each item is judged by itself. */
const batch = z.object(
  {
    requests: z
      .array(z.record(z.string(), z.unknown(), 'expected an object each'), EXPECTED)
      .min(1, EXPECTED)
      .max(MOST_REQUESTS, EXPECTED),
  },
  'expected an object such as {"requests":[{"market":"KRW-BTC","timeframe":"1m"}]}',
);
const ownFields = z.object({
  id: z.string('expected a text').max(200, 'expected 200 characters at most').optional(),
  maxAgeSeconds: z
    .int(AGE)
    .min(0, AGE)
    .max(2 ** 31, AGE)
    .optional(),
  format: z
    .enum(['rows', 'columns'], 'expected rows or columns in a batch, which is JSON')
    .optional(),
});
/** A range may be of any length: it needs a stream of its own. */
const NO_RANGE: FieldProblem = {
  ...{ field: 'from', expected: 'expected no range in a batch: ask GET /api/candles for it' },
};
/** Told to whoever says another one. */
const NAMES = [
  ...['id', 'market', 'timeframe', 'count', 'to', 'closed', 'fill', 'columns', 'numbers', 'format'],
  'maxAgeSeconds',
];
const countOf = z.object({ count: z.number().catch(DEFAULT_COUNT).default(DEFAULT_COUNT) });

/** One question of a batch. */
export interface BatchItem {
  /** As it was given, if it is one. */
  readonly id?: string;
  readonly asked:
    | {
        readonly kind: 'understood';
        readonly question: NativeQuestion & { readonly span: NewestSpan };
        readonly maxAgeMs?: number;
      }
    | { readonly kind: 'refused'; readonly errors: readonly FieldProblem[] };
}

/** Reads the body of a batch; a bad question stands beside the good ones. Throws an `ApiRefusal` where there is no list, or too much is asked for. */
export function parseBatch(given: unknown): readonly BatchItem[] {
  const parsed = batch.safeParse(given);
  if (!parsed.success) {
    throw badRequest(
      parsed.error.issues.map(({ path, message }) => ({ field: fieldOf(path), expected: message })),
    );
  }
  const { requests } = parsed.data;
  const rows = requests.reduce((sum, request) => sum + countOf.parse(request).count, 0);
  if (rows > MOST_ROWS) {
    const most = MOST_ROWS.toLocaleString('en');
    throw badRequest([
      { field: 'requests', expected: `expected counts of ${most} together; these are ${rows}` },
    ]);
  }
  return requests.map(parseItem);
}

function parseItem({
  id,
  maxAgeSeconds,
  format,
  from,
  ...given
}: Readonly<Record<string, unknown>>): BatchItem {
  const own = ownFields.safeParse({ id, maxAgeSeconds, format });
  const parsed = parseQuestion({ ...given, format: own.data?.format }, NAMES);
  const errors = [
    ...(own.success ? [] : own.error.issues.map(({ path, message }) => problem(path, message))),
    ...(from === undefined ? [] : [NO_RANGE]),
    ...(parsed.kind === 'refused' ? parsed.errors : []),
  ];
  const named = typeof id === 'string' ? { id } : {};
  if (parsed.kind === 'refused' || !own.success || errors.length > 0) {
    return { ...named, asked: { kind: 'refused', errors } };
  }
  const { question } = parsed;
  const { span } = question;
  if (span.kind === 'range') return { ...named, asked: { kind: 'refused', errors } };
  const age = own.data.maxAgeSeconds;
  return {
    ...named,
    asked: {
      ...{ kind: 'understood', question: { ...question, span } },
      ...(age === undefined ? {} : { maxAgeMs: age * 1_000 }),
    },
  };
}

function problem(path: readonly PropertyKey[], expected: string): FieldProblem {
  return { field: fieldOf(path), expected };
}

/** `requests[3]`, or the body itself. */
function fieldOf(path: readonly PropertyKey[]): string {
  if (path.length === 0) return 'body';
  return path
    .map((part, index) => {
      if (typeof part === 'number') return `[${part}]`;
      return index === 0 ? String(part) : `.${String(part)}`;
    })
    .join('');
}
