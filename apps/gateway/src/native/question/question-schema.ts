import { LATEST_MS } from '@candlekeep/candle-cache';
import { parseMarketCode, type Series, Timeframe } from '@candlekeep/market';
import { z } from 'zod';
import type { FieldProblem } from '../../api/api-refusal';
import { EXPECTED_MARKET, EXPECTED_TIMEFRAME } from '../../api/expected-series';
import { type CandleColumn, COLUMN_NAMES, columnsOf } from '../candle-columns';
import { FORMATS } from '../forms/body-forms';
import { instantParameter } from './instant-parameter';
import {
  DEFAULT_COUNT,
  LARGEST_COUNT,
  type NativeQuestion,
  type NewestSpan,
  type RangeSpan,
} from './native-question';

const COUNTS = `from 1 to ${LARGEST_COUNT.toLocaleString('en')}`;
const COUNT = `expected a whole number ${COUNTS}`;
/** Only JSON can hold a count that is no number. */
const NUMBER = `expected a JSON number, a whole one ${COUNTS}`;
const NAMES = `names out of ${COLUMN_NAMES.join(', ')}`;
const A_NAME = `expected ${NAMES}`;
/** Only JSON can hold columns that are no list. */
const LIST = `expected a list of ${NAMES}`;
const SHOWN_CHARACTERS = 60;

const market = z.string(EXPECTED_MARKET).transform((text, context) => {
  try {
    return parseMarketCode(text);
  } catch {
    context.addIssue({ code: 'custom', message: EXPECTED_MARKET });
    return z.NEVER;
  }
});
const timeframe = z.unknown().transform((given, context) => {
  const found = typeof given === 'string' ? Timeframe.find(given) : undefined;
  if (found !== undefined) return found;
  context.addIssue({ code: 'custom', message: EXPECTED_TIMEFRAME });
  return z.NEVER;
});
/** As it was given, cut short. Lists and objects are only named: they may be too deep to be written down. */
const shown = (given: unknown): string => {
  if (given === undefined) return 'nothing';
  if (Array.isArray(given)) return 'a list';
  if (typeof given === 'object' && given !== null) return 'an object';
  return JSON.stringify(given).slice(0, SHOWN_CHARACTERS);
};
const words = <Word extends string>(list: readonly [Word, ...Word[]]) =>
  z.enum(list, `expected one of ${list.join(', ')}`);

/** What one question may say, as values: parameters of a URL are made values of these kinds first. */
export const questionFields = {
  market,
  timeframe,
  count: z
    .int({ error: ({ input }) => (typeof input === 'number' ? COUNT : NUMBER) })
    .min(1, COUNT)
    .max(LARGEST_COUNT, COUNT)
    .optional(),
  from: instantParameter.optional(),
  to: instantParameter.optional(),
  closed: z.boolean('expected true or false').optional(),
  fill: words(['sparse', 'null', 'forward']).optional(),
  format: words(FORMATS).optional(),
  columns: z
    .array(
      z.enum(COLUMN_NAMES, { error: ({ input }) => `${A_NAME}; ${shown(input)} is none` }),
      LIST,
    )
    .min(1, LIST)
    .optional(),
  numbers: words(['text', 'number']).optional(),
};

const QUESTION_NAMES: readonly string[] = Object.keys(questionFields);

const questionSchema = z
  .strictObject(questionFields)
  .superRefine(({ from, to, count }, context) => {
    const refuse = (field: string, message: string): void => {
      context.addIssue({ code: 'custom', path: [field], message });
    };
    if (from !== undefined && count !== undefined) {
      refuse('count', 'expected either from (a range) or count (the newest), not both');
    }
    if (from !== undefined && to !== undefined && to <= from) {
      refuse('to', 'expected an instant after from');
    }
  })
  .superRefine(({ columns = [], timeframe: asked }, context) => {
    const known = columnsOf(asked).map(({ name }) => name);
    const strange = columns.filter((name) => !known.includes(name));
    const twice = columns.filter((name, index) => columns.indexOf(name) !== index);
    const refuse = (message: string): void => {
      context.addIssue({ code: 'custom', path: ['columns'], message });
    };
    if (strange.length > 0) refuse(`expected ${strange.join(', ')} with timeframe 1d only`);
    if (twice.length > 0) refuse(`expected ${twice.join(', ')} once`);
  });

export type ParsedQuestion =
  | { readonly kind: 'understood'; readonly question: NativeQuestion }
  | { readonly kind: 'refused'; readonly errors: readonly FieldProblem[] };

/** Understands a question, or says all that is wrong with it. `names` are told to whoever says another one. */
export function parseQuestion(given: unknown, names = QUESTION_NAMES): ParsedQuestion {
  const parsed = questionSchema.safeParse(given);
  if (!parsed.success) {
    const errors = parsed.error.issues.flatMap((issue) => problemsOf(issue, names));
    return { kind: 'refused', errors };
  }
  const { data } = parsed;
  const series: Series = { market: data.market, timeframe: data.timeframe };
  const question = {
    ...{ series, span: spanOf(data) },
    ...{ closed: data.closed ?? false, fill: data.fill ?? 'sparse' },
    ...{ format: data.format ?? 'rows', numbers: data.numbers ?? 'text' },
    columns: pick(columnsOf(data.timeframe), data.columns),
  };
  return { kind: 'understood', question };
}

/** What zod says, by the name of what it says it of. */
export function problemsOf(
  issue: z.core.$ZodIssue,
  names: readonly string[],
): readonly FieldProblem[] {
  if (issue.code === 'unrecognized_keys') {
    const known = names.join(', ');
    return issue.keys.map((field) => ({
      field,
      expected: `expected no such name; known: ${known}`,
    }));
  }
  return [{ field: String(issue.path[0] ?? ''), expected: issue.message }];
}

function spanOf(data: z.infer<typeof questionSchema>): NewestSpan | RangeSpan {
  const boundOf = (ms: number): number => data.timeframe.ceil(ms);
  const untilMs = data.to === undefined ? LATEST_MS : boundOf(Math.max(1, data.to));
  if (data.from !== undefined) return { kind: 'range', fromMs: boundOf(data.from), untilMs };
  return { kind: 'newest', count: data.count ?? DEFAULT_COUNT, beforeMs: untilMs };
}

/** In the order in which they are asked for. */
function pick(known: readonly CandleColumn[], names: readonly string[] | undefined) {
  if (names === undefined) return known;
  return names.flatMap((name) => known.filter((column) => column.name === name));
}
