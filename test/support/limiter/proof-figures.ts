import { appendFileSync } from 'node:fs';

/** One line of a table: column -> text. */
export type FigureRow = Readonly<Record<string, string | number>>;

/** Prints what a proof has measured, and adds it to the file `PROOF_FIGURES`, when there is one. */
export function noteFigures(table: string, row: FigureRow): void {
  const cells = Object.entries(row).map(([column, value]) => `${column} ${value}`);
  process.stdout.write(`${table}: ${cells.join(', ')}\n`);
  const file = process.env.PROOF_FIGURES;
  if (file !== undefined) appendFileSync(file, `${JSON.stringify({ table, row })}\n`);
}
