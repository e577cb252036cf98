import { inspect } from 'node:util';
import { isRecord } from './json-value';

/** What an option may be. */
export interface OptionRule {
  /** `undefined` is right where the option may be left out. */
  readonly isRight: (value: unknown) => boolean;
  /** The same in words, for one that is wrong. */
  readonly expected: (value: unknown) => string;
  /** Its value is shown to nobody. */
  readonly isSecret?: boolean;
}

/** The rule of every option that there is, by name. */
export type OptionRules<Name extends string = string> = Readonly<Record<Name, OptionRule>>;

/** Whose options they are, and what one of them is called, for people. */
export interface OptionsOwner {
  readonly who: string;
  readonly what?: string;
}

/** Throws a `TypeError` that names the option that is wrong, or that there is not, and what would be right. */
export function checkOptions(
  { who, what = 'option' }: OptionsOwner,
  given: unknown,
  rules: OptionRules,
): void {
  const known = Object.keys(rules).join(', ');
  if (!isRecord(given)) {
    throw new TypeError(`${who} takes an object of ${what}s: ${known}; not ${inspect(given)}`);
  }
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(rules, name)) {
      throw new TypeError(`${who} has no ${what} ${name}: known are ${known}`);
    }
  }
  for (const [name, rule] of Object.entries(rules)) checkOption(name, given[name], rule);
}

/** Throws a `TypeError` where a value is against the rule. */
export function checkOption(name: string, value: unknown, rule: OptionRule): void {
  if (rule.isRight(value)) return;
  const shown = rule.isSecret === true ? '' : ` is ${inspect(value)}`;
  throw new TypeError(`${name}${shown}: expected ${rule.expected(value)}`);
}

export function optional(rule: OptionRule): OptionRule {
  return { ...rule, isRight: (value) => value === undefined || rule.isRight(value) };
}

/** A number that `holds`. */
export function numeric(expected: string, holds: (value: number) => boolean): OptionRule {
  return {
    isRight: (value) => typeof value === 'number' && holds(value),
    expected: () => expected,
  };
}

/** A text that `holds`. */
export function textual(expected: string, holds: (text: string) => boolean): OptionRule {
  return {
    isRight: (value) => typeof value === 'string' && holds(value),
    expected: () => expected,
  };
}

export function oneOf(names: readonly string[]): OptionRule {
  return textual(`one of ${names.join(', ')}`, (text) => names.includes(text));
}
