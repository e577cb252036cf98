import {
  isVariable,
  PERIOD_NAMES,
  periodsOf,
  type Variable,
  VARIABLE_RULES,
} from '@candlekeep/variables';
import type { z } from 'zod';
import { expected } from './expectation';

/** Variables within variables. */
const DEEPEST = 3;

/** Adds a problem at a path below the parameters that are checked. */
type Report = (path: readonly string[], message: string) => void;

/** Whatever stands where an object should; parts of it may be wrong, which its schema says. */
type Loose = Readonly<Record<string, unknown>>;

/** What depends on the variable: its parameters, their ranges, and what it may be computed of. */
export function checkUse(given: unknown, context: z.core.$RefinementCtx): void {
  const report: Report = (path, message) => {
    context.addIssue({ code: 'custom', path: ['params', ...path], message });
  };
  const { variable, params } = looseOf(given);
  if (!isVariable(variable) || params === undefined) return;
  checkParams(variable, looseOf(params), report);
  checkDepth(looseOf(params), report);
}

function checkParams(variable: Variable, params: Loose, report: Report): void {
  const taken = takenBy(variable);
  for (const name of [...PERIOD_NAMES, 'deviations', 'source']) {
    if (params[name] === undefined || taken.includes(name)) continue;
    report([name], `expected no ${name}: ${variable} takes only ${taken.join(', ')}`);
  }
  checkRanges(variable, params, report);
  const own = VARIABLE_RULES[variable].timeframe;
  if (own !== undefined && params.timeframe !== undefined && params.timeframe !== own) {
    report(['timeframe'], `expected ${own.code} or nothing: the name ${variable} says it`);
  }
  if (params.source !== undefined) checkSource(looseOf(params.source), report);
}

/** What is no number at all, the schema has refused already. */
function checkRanges(variable: Variable, params: Loose, report: Report): void {
  for (const [name, { min, max }] of periodsOf(variable)) {
    const candles = params[name];
    if (typeof candles !== 'number' || (candles >= min && candles <= max)) continue;
    const what = `a whole number from ${min} to ${max} for ${variable}`;
    report([name], expected(what)({ input: candles }));
  }
}

/** A source gives one value for each candle of its user. */
function checkSource(source: Loose, report: Report): void {
  const { variable } = source;
  if (isVariable(variable) && VARIABLE_RULES[variable].timeframe !== undefined) {
    const why = `${variable} has a timeframe of its own`;
    report(['source', 'variable'], `expected a variable of the same candles; ${why}`);
  }
  const params = looseOf(source.params);
  for (const name of ['timeframe', 'market']) {
    if (params[name] === undefined) continue;
    const why = 'a source is computed of the same candles';
    report(['source', 'params', name], `expected no ${name}: ${why}`);
  }
}

/** Told once, where the sources below are just too many. */
function checkDepth(params: Loose, report: Report): void {
  let depth = 0;
  for (
    let { source } = params;
    source !== undefined;
    { source } = looseOf(looseOf(source).params)
  ) {
    depth += 1;
  }
  if (depth === DEEPEST + 1) {
    report(['source'], `expected at most ${DEEPEST} sources within one another`);
  }
}

function takenBy(variable: Variable): readonly string[] {
  const { takesSource, takesDeviations } = VARIABLE_RULES[variable];
  return [
    ...periodsOf(variable).map(([name]) => name),
    ...(takesDeviations ? ['deviations'] : []),
    ...['timeframe', 'market'],
    ...(takesSource ? ['source'] : []),
  ];
}

function looseOf(given: unknown): Loose {
  return typeof given === 'object' && given !== null ? { ...given } : {};
}
