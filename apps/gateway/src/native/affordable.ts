import { ApiRefusal, badRequest } from '../api/api-refusal';
import type { Asker } from './asker';

/**
 * Refuses a question whose answer would keep its key away for more than an hour: the rows of an answer are counted when it is made, and
 * what is beyond the key's minute closes those that follow. Throws an `ApiRefusal` that names `field`.
 */
export function requireAffordable(
  rows: number,
  field: string,
  { mostRows = Infinity }: Pick<Asker, 'mostRows'>,
): void {
  if (rows > mostRows) throw tooDear(rows, field, mostRows);
}

function tooDear(rows: number, field: string, mostRows: number): ApiRefusal {
  const [asked, most] = [rows, mostRows].map((count) => count.toLocaleString('en'));
  const expected = `expected ${most} rows at most, which this key may be answered in an hour; these may be ${asked}`;
  return badRequest([{ field, expected }]);
}
