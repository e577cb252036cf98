/** Reads one cell of a column. A position outside of it is a fault of the caller and throws, instead of spreading `undefined`. */
export function cellAt<T extends number | bigint>(column: ArrayLike<T>, position: number): T {
  const cell = column[position];
  if (cell === undefined) {
    throw new RangeError(`position ${position} lies outside of a column of ${column.length} cells`);
  }
  return cell;
}
