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

/** A request that cannot be understood or met as it is. */
export function badRequest(errors: readonly FieldProblem[]): ApiRefusal {
  const wrong = errors.map(({ field, expected }) => `${field}: ${expected}`);
  return new ApiRefusal(400, `The request cannot be met. ${wrong.join('; ')}.`, errors);
}
