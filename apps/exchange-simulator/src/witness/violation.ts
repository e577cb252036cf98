import type { IncomingHttpHeaders } from 'node:http';

/** Something that a well-behaved caller never does. `atMs` is wall time, epoch ms. */
export type Violation = {
  readonly atMs: number;
  readonly address: string;
  readonly group: string;
} & (
  | {
      /** More arrivals of one group from one address in a sliding second than its limit; `count` of them. */
      readonly kind: 'too-many-calls';
      readonly count: number;
    }
  /** An `Origin` header came along. */
  | { readonly kind: 'origin'; readonly url: string }
  /** A header that carries a secret came along; its value is not kept. */
  | { readonly kind: 'secret-header'; readonly header: string; readonly url: string }
  /** The address was blocked and called all the same. */
  | { readonly kind: 'call-while-blocked'; readonly leftMs: number }
);

/** What is known of one arrival. */
export interface Observation {
  readonly atMs: number;
  readonly address: string;
  readonly group: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  /** What was left of a block, ms; undefined for a free address. */
  readonly blockedForMs: number | undefined;
  /** Arrivals of this address and group in the second that ends with this one. */
  readonly countInSecond: number;
}

const MOST_PER_SECOND = 10;
/** Groups whose limit is another one. A path without a route has none, and `origin` is a violation by itself. */
const OWN_MOST: Readonly<Record<string, number>> = {
  websocket: 5,
  none: Infinity,
  origin: Infinity,
};
const SECRET_HEADERS = ['authorization', 'cookie', 'proxy-authorization', 'x-api-key'];

/** Everything that is wrong with an arrival. */
export function violationsOf(seen: Observation): Violation[] {
  const { atMs, address, group, url, headers, blockedForMs, countInSecond } = seen;
  const base = { atMs, address, group };
  const found: Violation[] = [];
  if (countInSecond > (OWN_MOST[group] ?? MOST_PER_SECOND)) {
    found.push({ ...base, kind: 'too-many-calls', count: countInSecond });
  }
  if (headers.origin !== undefined) found.push({ ...base, kind: 'origin', url });
  for (const header of SECRET_HEADERS.filter((name) => headers[name] !== undefined)) {
    found.push({ ...base, kind: 'secret-header', header, url });
  }
  if (blockedForMs !== undefined) {
    found.push({ ...base, kind: 'call-while-blocked', leftMs: blockedForMs });
  }
  return found;
}
