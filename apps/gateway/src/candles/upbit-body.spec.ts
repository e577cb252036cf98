import { readFileSync } from 'node:fs';
import path from 'node:path';
import { CandlekeepClient } from '@candlekeep/client';
import { parseMarketCode, Timeframe } from '@candlekeep/market';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { upbitBody } from './upbit-body';

const CAPTURES = path.resolve('..', 'shared', 'upbit', 'captures');

/** The captured body's candles, as our own client reads them over HTTP. */
async function read(body: string, timeframe: Timeframe) {
  const server = createServer((_request, response) => response.end(body)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const client = new CandlekeepClient({ baseUrl: `http://127.0.0.1:${port}` });
  const series = { market: parseMarketCode('KRW-BTC'), timeframe };
  const { candles } = await client.getCandles({ series, count: 1 });
  server.close();
  server.closeAllConnections();
  return candles;
}

describe('upbitBody', () => {
  it.each([
    ['seconds', '1s'],
    ['minutes1', '1m'],
    ['days', '1d'],
    ['years', '1y'],
  ])('prints the captured %s byte for byte', async (name, code) => {
    const file = path.join(CAPTURES, `rest_candles_${name}_KRW-BTC_count1.raw.json`);
    const captured = readFileSync(file, 'utf8');
    const timeframe = Timeframe.parse(code);
    const series = { market: parseMarketCode('KRW-BTC'), timeframe };
    expect(upbitBody(series, await read(captured, timeframe), false)).toBe(captured);
  });
});
