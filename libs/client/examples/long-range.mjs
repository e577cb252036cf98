// A range of any length, candle by candle: the gateway sends no faster than this loop takes.
import { CandlekeepClient } from '@candlekeep/client';

const HOUR_MS = 3_600_000;
const baseUrl = process.env.GATEWAY_URL ?? 'http://127.0.0.1:3000';
const candlekeep = new CandlekeepClient({ baseUrl, caller: 'long-range', class: 'backtest' });

const [newest] = (await candlekeep.getCandles({ market: 'KRW-BTC', timeframe: '1m', count: 1 }))
  .candles;
const untilMs = newest.openMs;
const range = { market: 'KRW-BTC', timeframe: '1m', fromMs: untilMs - 12 * HOUR_MS, untilMs };

let candles = 0;
let rises = 0;
for await (const { open, close } of candlekeep.readRange(range)) {
  candles += 1;
  if (Number(close) > Number(open)) rises += 1;
}
console.log(`${candles} minutes, ${rises} of them rose`);

candlekeep.close();
