import { arrow } from './arrow';
import type { BodyForm } from './body-form';
import { csv } from './csv';
import { jsonColumns } from './json-columns';
import { jsonRows } from './json-rows';

export const FORMATS = ['rows', 'columns', 'csv', 'arrow'] as const;

export type Format = (typeof FORMATS)[number];

/** The forms by their names. */
export const bodyForms: Readonly<Record<Format, BodyForm>> = {
  ...{ rows: jsonRows, columns: jsonColumns },
  ...{ csv, arrow },
};

/** The type that is asked for by `Accept`, for those formats that have one of their own. */
const TYPES: ReadonlyMap<string, Format> = new Map([
  ['text/csv', 'csv'],
  ['application/vnd.apache.arrow.stream', 'arrow'],
  ['application/json', 'rows'],
  ['application/*', 'rows'],
  ['*/*', 'rows'],
]);

/** The format that `Accept` (RFC 9110, 12.5.1) prefers; rows where it names nothing that there is. */
export function acceptedFormat(accept = ''): Format {
  let best: { readonly format: Format; readonly weight: number } = { format: 'rows', weight: 0 };
  for (const range of accept.split(',')) {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const weight = Number(parameters.find((part) => part.startsWith('q='))?.slice(2) ?? 1);
    const format = TYPES.get(type);
    if (format !== undefined && weight > best.weight) best = { format, weight };
  }
  return best.format;
}
