import { DatabaseError } from 'pg';

/** SQLSTATE classes of a value that a type (22) or a constraint (23) refuses. */
const VALUE_CLASSES = /^2[23]/;

/** Whether the server refused a value, so that the same statement will fail again; false for an outage. */
export function refusesValue(error: unknown): boolean {
  return error instanceof DatabaseError && VALUE_CLASSES.test(error.code ?? '');
}
