// What a failure says: of a question that is wrong, and of a gateway that is not there.
import { CandlekeepClient, CandlekeepRequestFailed } from '@candlekeep/client';

const baseUrl = process.env.GATEWAY_URL ?? 'http://127.0.0.1:3000';
const candlekeep = new CandlekeepClient({ baseUrl, caller: 'errors', timeoutMs: 5_000 });

try {
  await candlekeep.getCandles({ market: 'KRW-BTC', timeframe: '7m' });
} catch (error) {
  if (!(error instanceof CandlekeepRequestFailed)) throw error;
  console.log(`status ${error.status}`);
  for (const { field, expected } of error.problem?.errors ?? [])
    console.log(`${field}: ${expected}`);
}

const nobody = new CandlekeepClient({ baseUrl: 'http://127.0.0.1:9', timeoutMs: 500 });
await nobody.getMarkets().catch((error) => console.log(error.message));
nobody.close();

candlekeep.close();
