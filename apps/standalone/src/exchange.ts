/** Whom the workers ask: the simulator that is started here, or an exchange at an address. */
export type Exchange =
  { readonly kind: 'simulator' } | { readonly kind: 'address'; readonly url: string };

/** The real Upbit. */
export const upbitUrl = 'https://api.upbit.com';

/**
 * The folder name of what is learned from this exchange. Each has its own: a simulated candle in a store that later answers
 * for the real exchange would be a wrong answer that nobody could see.
 */
export function folderNameOf(exchange: Exchange): string {
  if (exchange.kind === 'simulator') return 'simulator';
  const { host } = new URL(exchange.url);
  return host === new URL(upbitUrl).host ? 'upbit' : `at-${host.replaceAll(/[^a-z0-9.-]/g, '-')}`;
}

/** What the person at the terminal is told about it. */
export function describeExchange(exchange: Exchange, url: string): string {
  if (exchange.kind === 'simulator') {
    return `simulator at ${url} (recorded candles; "npm run start:live-exchange" asks the real Upbit)`;
  }
  return url === upbitUrl ? `the real Upbit, ${url}` : url;
}

/** Where an exchange tells its stream, by its REST base: `https://api.upbit.com` → `wss://api.upbit.com/websocket/v1`. */
export function streamUrlOf(restUrl: string): string {
  return `${restUrl.replace(/^http/, 'ws').replace(/\/+$/, '')}/websocket/v1`;
}
