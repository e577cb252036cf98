import { START_UP_ERROR } from '@candlekeep/variables';
import { badRequest } from '../api/api-refusal';

/** Below it, a number's own digits are coarser. */
const LEAST = 1e-12;

/** Reads `isActive`: true, false, or nothing, which leaves it as it is. Other parameters are refused: they would not do what was meant. Throws an `ApiRefusal`. */
export function parseActive(query: Readonly<Record<string, unknown>>): {
  readonly isActive?: boolean;
} {
  const { isActive: given, ...others } = query;
  const unknown = Object.keys(others);
  const expected = 'expected no such parameter; isActive=true or isActive=false is one';
  if (unknown.length > 0) throw badRequest(unknown.map((field) => ({ field, expected })));
  if (given === undefined) return {};
  if (given === 'true' || given === 'false') return { isActive: given === 'true' };
  throw badRequest([{ field: 'isActive', expected: 'expected true or false, once' }]);
}

/** Reads `startUpError`, a share; 0.001 when nothing is said. Throws an `ApiRefusal`. */
export function parseStartUpError(given: unknown): number {
  if (given === undefined) return START_UP_ERROR;
  const share = typeof given === 'string' && given.trim() !== '' ? Number(given) : NaN;
  if (share >= LEAST && share < 1) return share;
  const expected = `expected a number from ${LEAST} to below 1, such as 0.001 for 0.1 %`;
  throw badRequest([{ field: 'startUpError', expected }]);
}
