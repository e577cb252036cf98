import type { Folders } from './env';
import { Exchange, describeExchange } from './exchange';
import type { RunningServer } from './servers/running-server';

export interface WelcomeFacts {
  readonly gatewayUrl: string;
  readonly exchange: Exchange;
  readonly exchangeUrl: string;
  /** The exchange's stream that is followed. */
  readonly streamUrl: string;
  /** The markets that are followed: `*` for all KRW markets, or codes. */
  readonly liveMarkets: string;
  readonly folders: Folders;
  readonly servers: readonly RunningServer[];
  readonly tookMs: number;
}

/** What is printed when everything runs. */
export function welcome(facts: WelcomeFacts): string {
  const { gatewayUrl, exchange, exchangeUrl, streamUrl, folders, servers, tookMs } = facts;
  const elsewhere = servers.filter(({ folder }) => !folder.startsWith(folders.exchange));
  return [
    '',
    `Candlekeep is ready (${(tookMs / 1_000).toFixed(1)} s).`,
    '',
    `  Gateway   ${gatewayUrl}`,
    `  Look      ${gatewayUrl}/admin`,
    `  Try       curl '${gatewayUrl}/v1/candles/minutes/1?market=KRW-BTC&count=200'`,
    `  Stream    ${gatewayUrl.replace(/^http/, 'ws')}/websocket/v1`,
    `  Exchange  ${describeExchange(exchange, exchangeUrl)}`,
    `  Live      follows ${describeMarkets(facts.liveMarkets)} at ${streamUrl}`,
    `  Data      ${folders.exchange}`,
    ...elsewhere.map(({ name, folder }) => `            ${folder} (${name})`),
    `  Logs      ${folders.exchange}/logs`,
    '  Stop      Ctrl-C',
    '',
  ].join('\n');
}

function describeMarkets(markets: string): string {
  const codes = markets.split(',').map((code) => code.trim());
  return codes[0] === '*' ? 'all KRW markets' : codes.join(', ');
}
