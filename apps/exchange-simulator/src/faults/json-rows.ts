/**
 * Splits the text of a JSON array into the texts of its elements, digit for digit; undefined for text that is no array. Knows only as
 * much JSON as the exchange prints: no white space.
 */
export function rowsOf(body: string): string[] | undefined {
  if (!body.startsWith('[') || !body.endsWith(']')) return undefined;
  const rows: string[] = [];
  let start = 1;
  for (const at of commasBetween(body)) {
    rows.push(body.slice(start, at));
    start = at + 1;
  }
  return body === '[]' ? [] : [...rows, body.slice(start, -1)];
}

/** Joins the texts of elements to the text of an array. */
export function bodyOf(rows: readonly string[]): string {
  return `[${rows.join(',')}]`;
}

/** The text of a member's value, quotes included; undefined when the row has no such member. */
export function memberOf(row: string, field: string): string | undefined {
  return memberPattern(field).exec(row)?.groups?.value;
}

/** Gives a member another value (JSON text); a row without it stays as it is. */
export function withMember(row: string, field: string, value: string): string {
  return row.replace(memberPattern(field), () => `"${field}":${value}`);
}

/** Takes a member out of a row. */
export function withoutMember(row: string, field: string): string {
  const others = row.replace(memberPattern(field), '');
  return others.replace('{,', '{').replace(',,', ',').replace(',}', '}');
}

/** Strings, numbers and literals; the exchange's rows have no escapes in their strings. */
function memberPattern(field: string): RegExp {
  return new RegExp(`"${field}":(?<value>"[^"]*"|[^",{}[\\]]+)`);
}

/** Where the commas between the elements are: those at depth one, outside of strings. */
function commasBetween(body: string): number[] {
  const found: number[] = [];
  let depth = 0;
  let isString = false;
  for (let at = 0; at < body.length; at += 1) {
    const char = body[at] ?? '';
    if (char === '"') isString = !isString;
    if (isString) continue;
    if ('[{'.includes(char)) depth += 1;
    if (']}'.includes(char)) depth -= 1;
    if (char === ',' && depth === 1) found.push(at);
  }
  return found;
}
