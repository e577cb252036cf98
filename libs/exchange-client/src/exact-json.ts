import { decimalText, InvalidValue } from '@candlekeep/market';
import { LosslessNumber, parse } from 'lossless-json';
import { z } from 'zod';
import { ExchangeMalformed } from './exchange-error';
import type { ExchangeAnswer } from './exchange-transport';

/** How much of an unexpected body is shown in an error. */
const SHOWN_CHARACTERS = 200;

/**
 * Reads a JSON list without turning a number into a float: numbers stay text. Throws {@link ExchangeMalformed} for
 * anything else; also for an error object, which a pager would take for the end of history if it became an empty list.
 */
export function parseExactList(answer: ExchangeAnswer): readonly unknown[] {
  let content: unknown;
  try {
    content = parse(answer.body);
  } catch (cause) {
    throw malformed(answer, `its ${answer.body.length} characters are no JSON`, cause);
  }
  if (Array.isArray(content)) return content;
  throw malformed(answer, `it is no list: ${answer.body.slice(0, SHOWN_CHARACTERS)}`);
}

/** The error for a 200 that breaks the exchange's own format. */
export function malformed(
  { target }: ExchangeAnswer,
  problem: string,
  cause?: unknown,
): ExchangeMalformed {
  return new ExchangeMalformed(
    `the answer to GET ${target} cannot be trusted (${problem}): nothing of it is used`,
    cause === undefined ? {} : { cause },
  );
}

/** A JSON number as canonical decimal text with `digits` fraction digits; exponents are accepted, a lost digit is not. */
export function exactDecimal(digits: number) {
  return z.instanceof(LosslessNumber, { error: 'is no number' }).transform(({ value }, context) => {
    return orIssue(() => decimalText(value, digits), context);
  });
}

/** As {@link exactDecimal}, but with `most` fraction digits where `digits` would lose one. */
export function exactDecimalUpTo(digits: number, most: number) {
  const padding = '0'.repeat(most - digits);
  return exactDecimal(most).transform((text) =>
    text.endsWith(padding) ? text.slice(0, text.length - padding.length) : text,
  );
}

/** A JSON number without fraction or exponent, at most 15 digits, as a number. */
export const wholeNumber = z
  .instanceof(LosslessNumber, { error: 'is no number' })
  .refine(({ value }) => /^\d{1,15}$/.test(value), 'is no whole number')
  .transform(({ value }) => Number(value));

/** A JSON number without sign, fraction or exponent as its digits: ids can be longer than a double holds. */
export const wholeNumberText = z
  .instanceof(LosslessNumber, { error: 'is no number' })
  .refine(({ value }) => /^\d{1,30}$/.test(value), 'is no whole number')
  .transform(({ value }) => value);

/** The first complaint of a schema: the exchange's field name, and a predicate that reads on from it. */
export function firstIssue(error: z.ZodError): { field: string; problem: string } {
  const issue = error.issues[0];
  return { field: issue?.path.join('.') ?? '', problem: issue?.message ?? 'is unreadable' };
}

/** Runs a reader of the trade's words inside a schema: its {@link InvalidValue} becomes the field's issue. */
export function orIssue<Value>(read: () => Value, context: z.RefinementCtx): Value {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof InvalidValue)) throw error;
    context.addIssue({ code: 'custom', message: error.message });
    return z.NEVER;
  }
}
