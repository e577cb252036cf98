/** One thing that is wrong with a request, and what would be right. */
export interface FieldProblem {
  /** Where it stands: a member of the body, or a parameter. */
  readonly field: string;
  readonly expected: string;
}

/** Why our own API says no. */
export class ApiRefusal extends Error {
  constructor(
    /** HTTP status, 4xx. */
    readonly status: number,
    message: string,
    readonly errors: readonly FieldProblem[] = [],
  ) {
    super(message);
  }
}

/** Enough to go on with: a short request can be wrong in thousands of places. */
const MOST_PROBLEMS = 20;
const SHOWN_CHARACTERS = 100;

/** A request that cannot be understood or met as it is. Of very many problems the first are named, of long names the beginning. */
export function badRequest(errors: readonly FieldProblem[]): ApiRefusal {
  const named = errors.slice(0, MOST_PROBLEMS).map(({ field, expected }) => ({
    field: field === '' ? '""' : field.slice(0, SHOWN_CHARACTERS),
    expected,
  }));
  const wrong = named.map(({ field, expected }) => `${field}: ${expected}`);
  const untold = errors.length - named.length;
  const rest = untold === 0 ? [] : [`and ${untold} more`];
  return new ApiRefusal(
    400,
    `The request cannot be met. ${[...wrong, ...rest].join('; ')}.`,
    named,
  );
}
