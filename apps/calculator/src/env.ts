import { parseEnvironment } from '@candlekeep/lifecycle';
import { isMarketCode, parseMarketCode, Timeframe } from '@candlekeep/market';
import { z } from 'zod';

/** Reads the calculator's environment; throws `EnvironmentRefused` naming what is wrong. */
export function readEnv() {
  const env = parseEnvironment(
    {
      GATEWAY_URL: z
        .string()
        .regex(/^https?:\/\/\S+$/, 'expected http://host:port')
        .default('http://127.0.0.1:3000'),
      MARKET: z
        .string()
        .refine(isMarketCode, 'expected one pair such as KRW-BTC')
        .default(parseMarketCode('KRW-BTC')),
      TIMEFRAME: z
        .string()
        .refine((code) => Timeframe.find(code) !== undefined, 'expected a timeframe such as 15m')
        .default('1m'),
    },
    process.env,
  );
  return { ...env, TIMEFRAME: Timeframe.parse(env.TIMEFRAME) };
}

export type CalculatorEnv = ReturnType<typeof readEnv>;
