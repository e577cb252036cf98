// The newest candles of one series.
import { CandlekeepClient } from '@candlekeep/client';

const baseUrl = process.env.GATEWAY_URL ?? 'http://127.0.0.1:3000';
const candlekeep = new CandlekeepClient({ baseUrl, caller: 'first-answer' });

const page = await candlekeep.getCandles({ market: 'KRW-BTC', timeframe: '15m', count: 60 });
const newest = page.candles.at(-1);

console.log(
  `${page.candles.length} candles, ${page.finalCount} of them final, from ${page.source}`,
);
console.log(`as of ${new Date(page.asOfMs).toISOString()} the price is ${newest?.close}`);
if (page.short) console.log(`there are only ${page.short.got}: ${page.short.reason}`);

candlekeep.close();
