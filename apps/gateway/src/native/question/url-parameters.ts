import type { FieldProblem } from '../../api/api-refusal';

/** The parameters of a request, as they stand behind its path. */
export function parametersOf(url: string): URLSearchParams {
  const start = url.indexOf('?');
  return new URLSearchParams(start < 0 ? '' : url.slice(start + 1));
}

/** Each parameter that is given more than once: nobody could say which one was meant. */
export function repeatedParameters(parameters: URLSearchParams): readonly FieldProblem[] {
  const names = [...new Set(parameters.keys())];
  return names
    .filter((name) => parameters.getAll(name).length > 1)
    .map((field) => ({ field, expected: 'expected it once' }));
}
