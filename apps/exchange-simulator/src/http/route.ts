/** Where a path leads. `candles` carries a timeframe code, `minutes` the text that stands for the unit. */
export type Route =
  | { readonly kind: 'markets' }
  | { readonly kind: 'candles'; readonly code: string }
  | { readonly kind: 'minutes'; readonly unit: string };

const CODES: Readonly<Record<string, string>> = {
  '/v1/candles/seconds': '1s',
  '/v1/candles/days': '1d',
  '/v1/candles/weeks': '1w',
  '/v1/candles/months': '1M',
  '/v1/candles/years': '1y',
};
const MINUTES = /^\/v1\/candles\/minutes\/([^/]+)$/;

/** Finds the route of a path (without the query); undefined when the exchange has none. */
export function findRoute(path: string): Route | undefined {
  if (path === '/v1/market/all') return { kind: 'markets' };
  const code = CODES[path];
  if (code !== undefined) return { kind: 'candles', code };
  const unit = MINUTES.exec(path)?.[1];
  return unit === undefined ? undefined : { kind: 'minutes', unit };
}

/** The calls that share one limit, named as in `Remaining-Req`. */
export function groupOf({ kind }: Route): 'candles' | 'market' {
  return kind === 'markets' ? 'market' : 'candles';
}
