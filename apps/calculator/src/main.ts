import { CandlekeepClient } from '@candlekeep/client';
import { calculate, type Variables } from './calculate';
import { readEnv } from './env';

async function main(): Promise<void> {
  const { GATEWAY_URL, MARKET, TIMEFRAME } = readEnv();
  const client = new CandlekeepClient({ baseUrl: GATEWAY_URL });
  const variables = await calculate(client, { market: MARKET, timeframe: TIMEFRAME });
  process.stdout.write(`${MARKET} ${TIMEFRAME.code}\n${table(variables)}\n`);
}

function table({ rsi, sma, atr, price, candles, asOfMs, cacheStatus }: Variables): string {
  const lines: [string, string][] = [
    ['CURRENT_PRICE', shown(price)],
    ['RSI(14)', shown(rsi)],
    ['SMA(20)', shown(sma)],
    ['ATR(20)', shown(atr)],
    ['candles', String(candles)],
    ['as of', new Date(asOfMs).toISOString()],
    ['from', cacheStatus],
  ];
  return lines.map(([name, value]) => `  ${name.padEnd(14)} ${value}`).join('\n');
}

function shown(value: number | undefined): string {
  return value?.toFixed(2) ?? 'history is too short';
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
