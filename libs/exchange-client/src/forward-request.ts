import { InvalidValue } from '@candlekeep/market';
import { malformed } from './exact-json';
import type { ExchangeAnswer } from './exchange-transport';
import type { LimitGroup } from './limit-group';
import { findErrorWords } from './refusal';

/** Every path that is passed on, with the limit group whose budget it spends. */
const FORWARDED = {
  '/v1/ticker': 'ticker',
  '/v1/ticker/all': 'ticker',
  '/v1/trades/ticks': 'crix-trades',
  '/v1/orderbook': 'orderbook',
  '/v1/orderbook/instruments': 'orderbook',
} as const satisfies Record<string, LimitGroup>;

export interface ForwardQuery {
  /** One of `/v1/ticker`, `/v1/ticker/all`, `/v1/trades/ticks`, `/v1/orderbook`, `/v1/orderbook/instruments`. */
  readonly path: string;
  /** The caller's own query text, without `?`; empty for none. It is sent as it is, not decoded and encoded again. */
  readonly query: string;
}

/** Visible ASCII, save what a URL would not carry as it is: `"`, `'`, `<` and `>` would be encoded, `#` would end it. */
const QUERY = /^[!$-&(-;=?-~]*$/;

/** Limit group, path and query of the request. Throws {@link InvalidValue} for another path, or a query that could not arrive unchanged. */
export function forwardTarget({ path, query }: ForwardQuery): {
  group: LimitGroup;
  target: string;
} {
  if (!isForwarded(path)) {
    const known = Object.keys(FORWARDED).join(', ');
    throw new InvalidValue(`${path} is not passed on to the exchange: ask one of ${known}`);
  }
  if (!QUERY.test(query)) {
    throw new InvalidValue(
      `the query ${JSON.stringify(query)} of ${path} cannot be sent as it is: percent-encode spaces, quotes, <, > and all beyond ASCII, leave # out`,
    );
  }
  return { group: FORWARDED[path], target: query === '' ? path : `${path}?${query}` };
}

/** The status of a refusal that is itself the answer: 400 or 404 in the exchange's own words. */
export function findDeclinedStatus({ status, body }: ExchangeAnswer): 400 | 404 | undefined {
  if (findErrorWords(body) === undefined) return undefined;
  if (status === 400) return 400;
  return status === 404 ? 404 : undefined;
}

/** Throws {@link ExchangeMalformed} unless the body is a JSON list, as each of the paths answers. */
export function requireList(answer: ExchangeAnswer): void {
  let content: unknown;
  try {
    content = JSON.parse(answer.body);
  } catch (cause) {
    throw malformed(answer, `its ${answer.body.length} characters are no JSON`, cause);
  }
  if (!Array.isArray(content)) throw malformed(answer, 'it is no list');
}

function isForwarded(path: string): path is keyof typeof FORWARDED {
  return Object.hasOwn(FORWARDED, path);
}
