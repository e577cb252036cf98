import type { LimitGroup } from './call-limits';

/** Where a candle path leads. `candles` carries a timeframe code, `minutes` the text that stands for the unit. */
export type CandleRoute =
  | { readonly kind: 'candles'; readonly code: string }
  | { readonly kind: 'minutes'; readonly unit: string };

/** Where a path leads. */
export type Route =
  | CandleRoute
  | {
      readonly kind:
        'markets' | 'ticker' | 'ticker-all' | 'trades' | 'orderbook' | 'orderbook-instruments';
    };

const ROUTES: Readonly<Record<string, Route>> = {
  '/v1/market/all': { kind: 'markets' },
  '/v1/candles/seconds': { kind: 'candles', code: '1s' },
  '/v1/candles/days': { kind: 'candles', code: '1d' },
  '/v1/candles/weeks': { kind: 'candles', code: '1w' },
  '/v1/candles/months': { kind: 'candles', code: '1M' },
  '/v1/candles/years': { kind: 'candles', code: '1y' },
  '/v1/ticker': { kind: 'ticker' },
  '/v1/ticker/all': { kind: 'ticker-all' },
  '/v1/trades/ticks': { kind: 'trades' },
  '/v1/orderbook': { kind: 'orderbook' },
  '/v1/orderbook/instruments': { kind: 'orderbook-instruments' },
};
const MINUTES = /^\/v1\/candles\/minutes\/([^/]+)$/;

const GROUPS: Readonly<Record<Route['kind'], LimitGroup>> = {
  markets: 'market',
  candles: 'candles',
  minutes: 'candles',
  ticker: 'ticker',
  'ticker-all': 'ticker',
  trades: 'crix-trades',
  orderbook: 'orderbook',
  'orderbook-instruments': 'orderbook',
};

/** Finds the route of a path (without the query); undefined when the exchange has none. */
export function findRoute(path: string): Route | undefined {
  if (Object.hasOwn(ROUTES, path)) return ROUTES[path];
  const unit = MINUTES.exec(path)?.[1];
  return unit === undefined ? undefined : { kind: 'minutes', unit };
}

/** The calls that share one limit, named as in `Remaining-Req`. */
export function groupOf({ kind }: Route): LimitGroup {
  return GROUPS[kind];
}
