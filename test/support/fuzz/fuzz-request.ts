import fc from 'fast-check';
import { hostileText } from './hostile-values';

/** One request as it goes out. */
export interface FuzzRequest {
  readonly method: string;
  /** Path and query, escaped as far as HTTP needs it. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What a request may have to wait for: the exchange gives ten calls a second, which a flood of new questions would wait for. */
const PATIENCE = fc.oneof(
  { weight: 97, arbitrary: fc.constant('only-if-cached, max-age=86400') },
  { weight: 1, arbitrary: fc.constantFrom('max-age=1', 'max-stale', 'stale-if-error=3600') },
  {
    weight: 6,
    arbitrary: hostileText.map((text) => `only-if-cached, ${headerText(text).slice(0, 200)}`),
  },
);

const more = fc.dictionary(
  fc.constantFrom(
    ...['accept', 'x-candlekeep-class', 'x-candlekeep-caller', 'if-none-match', 'last-event-id'],
    ...['origin', 'authorization', 'cookie', 'x-request-id', 'content-encoding', 'content-type'],
    ...['x-forwarded-for', 'range', 'traceparent', 'accept-encoding', 'sec-fetch-site'],
  ),
  fc.oneof(
    hostileText.map(headerText),
    fc.constantFrom('text/csv', 'bot', 'chart', 'application/json', 'text/html', 'gzip', '*'),
  ),
  { maxKeys: 2 },
);

/** Headers that say how long a caller waits, and a few strange ones. */
export const fuzzHeaders = fc
  .tuple(
    PATIENCE,
    fc.oneof({ weight: 3, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: more }),
  )
  .map(([patience, others]) => ({ ...others, 'cache-control': patience }));

/** A query of these parameters; what a URL cannot hold is escaped, mostly. */
export function queryText(parameters: readonly (readonly [string, string])[]): string {
  const text = parameters.map(([name, value]) => `${escaped(name)}=${escaped(value)}`).join('&');
  return text === '' ? '' : `?${text}`;
}

/** As `encodeURIComponent`, also of halves of characters. */
export function escaped(text: string): string {
  return encodeURIComponent(Buffer.from(text).toString());
}

/** What a header can hold of a text. */
function headerText(text: string): string {
  return text.replace(/[^\t\x20-\x7e\x80-\xff]/g, '').trim();
}
