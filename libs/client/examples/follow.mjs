// Candles as they change, until three were told.
import { CandlekeepClient } from '@candlekeep/client';

const baseUrl = process.env.GATEWAY_URL ?? 'http://127.0.0.1:3000';
const candlekeep = new CandlekeepClient({ baseUrl, caller: 'follow' });
let told = 0;

const subscription = candlekeep.subscribe(
  [
    { market: 'KRW-BTC', timeframe: '1m' },
    { market: 'KRW-ETH', timeframe: '1m' },
  ],
  {
    candle({ market, openTime, close, final }) {
      console.log(`${market} ${openTime} ${close} ${final ? 'final' : 'forming'}`);
      told += 1;
      if (told === 3) subscription.close();
    },
    gap({ market, fromMs, untilMs }) {
      console.log(`${market}: [${fromMs}, ${untilMs}) was missed, readRange brings it`);
    },
    problem(error) {
      console.log(`the stream is made anew: ${error.message}`);
    },
  },
);
