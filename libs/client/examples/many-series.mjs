// Many series at once: one request, and each has an outcome of its own.
import { CandlekeepClient } from '@candlekeep/client';

const baseUrl = process.env.GATEWAY_URL ?? 'http://127.0.0.1:3000';
const candlekeep = new CandlekeepClient({ baseUrl, caller: 'many-series' });

const markets = ['KRW-BTC', 'KRW-ETH', 'KRW-NOSUCH'];
const outcomes = await Promise.allSettled(
  markets.map((market) => candlekeep.getCandles({ market, timeframe: '1d', count: 30 })),
);

for (const [index, outcome] of outcomes.entries()) {
  if (outcome.status === 'fulfilled') {
    const { candles } = outcome.value;
    console.log(`${markets[index]}: ${candles.length} days, newest ${candles.at(-1)?.close}`);
  } else {
    console.log(`${markets[index]}: ${outcome.reason.message}`);
  }
}

candlekeep.close();
