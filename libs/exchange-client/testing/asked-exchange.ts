import { SystemClock } from '@candlekeep/clock';
import { silentLogger } from '@candlekeep/telemetry';
import { UpbitRestClient } from '../src';
import { countingLimiters } from './counting-limiter';
import { FakeExchange } from './fake-exchange';

const clock = new SystemClock();

/** An exchange that answers as it is told, and a client that asks it in real time. */
export interface AskedExchange {
  readonly exchange: FakeExchange;
  readonly client: UpbitRestClient;
  close(): Promise<void>;
}

/** Opens both. */
export async function openAskedExchange(): Promise<AskedExchange> {
  const exchange = await FakeExchange.start();
  const limiters = countingLimiters(clock);
  const options = { baseUrl: exchange.url, version: '1.2.3', limiters, clock };
  const client = new UpbitRestClient({ ...options, log: silentLogger });
  return {
    exchange,
    client,
    close: async () => {
      client.close();
      await exchange.close();
    },
  };
}
