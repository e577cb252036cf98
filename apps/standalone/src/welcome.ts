import type { Folders } from './env';
import { Exchange, describeExchange } from './exchange';
import type { RunningServer } from './servers/running-server';

export interface WelcomeFacts {
  readonly gatewayUrl: string;
  readonly exchange: Exchange;
  readonly exchangeUrl: string;
  readonly folders: Folders;
  readonly servers: readonly RunningServer[];
  readonly tookMs: number;
}

/** What is printed when everything runs. */
export function welcome(facts: WelcomeFacts): string {
  const { gatewayUrl, exchange, exchangeUrl, folders, servers, tookMs } = facts;
  const elsewhere = servers.filter(({ folder }) => !folder.startsWith(folders.exchange));
  return [
    '',
    `Candlekeep is ready (${(tookMs / 1_000).toFixed(1)} s).`,
    '',
    `  Gateway   ${gatewayUrl}`,
    `  Try       curl '${gatewayUrl}/v1/candles/minutes/1?market=KRW-BTC&count=200'`,
    `  Exchange  ${describeExchange(exchange, exchangeUrl)}`,
    `  Data      ${folders.exchange}`,
    ...elsewhere.map(({ name, folder }) => `            ${folder} (${name})`),
    `  Logs      ${folders.exchange}/logs`,
    '  Stop      Ctrl-C',
    '',
  ].join('\n');
}
