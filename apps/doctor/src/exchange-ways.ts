import { streamUrlOf } from '../../standalone/src/exchange';
import type { ExchangeWays } from './checks/exchange';
import type { Settings } from './settings';
import type { Surroundings } from './surroundings';

/** Where candles and stream would come from; undefined when the settings that say it cannot be used. */
export function exchangeWays(
  { variables, servers }: Surroundings,
  { worker, live }: Settings,
): ExchangeWays | undefined {
  if (worker === undefined || live === undefined) return undefined;
  const isNamed = 'UPBIT_REST_URL' in variables;
  const restUrl = worker.UPBIT_REST_URL;
  // Processes that are started one by one take their own defaults; `npm start` keeps to one exchange.
  const isDerived = isNamed && !('UPBIT_WS_URL' in variables) && servers !== 'given';
  return {
    restUrl,
    streamUrl: isDerived ? streamUrlOf(restUrl) : live.UPBIT_WS_URL,
    isNeeded: isNamed || servers === 'given',
  };
}
