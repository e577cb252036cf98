// Columns of doubles for a calculation: a simple moving average of closes, and the highest high.
import { CandlekeepClient } from '@candlekeep/client';

const baseUrl = process.env.GATEWAY_URL ?? 'http://127.0.0.1:3000';
const candlekeep = new CandlekeepClient({ baseUrl, caller: 'columns' });

const { columns, length, short } = await candlekeep.getColumns({
  market: 'KRW-BTC',
  timeframe: '1m',
  count: 20,
  closed: true,
  columns: ['high', 'close'],
});

if (short) {
  console.log(`no average of 20: history holds ${short.got}`);
} else {
  const average = columns.close.reduce((sum, close) => sum + close, 0) / length;
  console.log(`SMA(20) ${average.toFixed(2)}, HIGH(20) ${Math.max(...columns.high)}`);
}

candlekeep.close();
