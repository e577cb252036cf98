import type { MarketCode, Timeframe } from '@candlekeep/market';
import { z } from 'zod';
import { badRequest } from '../../api/api-refusal';
import { problemsOf, questionFields } from '../question/question-schema';
import { repeatedParameters } from '../question/url-parameters';

export interface AskedSeries {
  readonly market: MarketCode;
  /** None for every timeframe. */
  readonly timeframe?: Timeframe | undefined;
}

const { market, timeframe } = questionFields;
const seriesSchema = z.strictObject({ market, timeframe: timeframe.optional() });
const NAMES = Object.keys(seriesSchema.shape);

/** Reads `market` and `timeframe`. Throws an `ApiRefusal` that names all that is wrong. */
export function readSeries(parameters: URLSearchParams): AskedSeries {
  const repeated = repeatedParameters(parameters);
  const parsed = seriesSchema.safeParse(Object.fromEntries(parameters));
  const wrong = parsed.error?.issues.flatMap((issue) => problemsOf(issue, NAMES)) ?? [];
  if (!parsed.success || repeated.length > 0) throw badRequest([...repeated, ...wrong]);
  return parsed.data;
}
