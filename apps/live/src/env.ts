import { parseEnvironment, type ProcessStart, variables } from '@candlekeep/lifecycle';
import { isMarketCode, type MarketCode } from '@candlekeep/market';
import { z } from 'zod';

/** What `LIVE_MARKETS` names: every KRW market that the exchange lists, or these. */
export type MarketChoice = 'all-krw' | readonly MarketCode[];

/** Reads the environment of a live process; throws `EnvironmentRefused` naming what is wrong. */
export function readEnv() {
  return parseEnv(process.env);
}

/** The settings that these variables say; throws `EnvironmentRefused` naming what is wrong. */
export function parseEnv(environment: Readonly<Record<string, string | undefined>>) {
  const { HOST, PORT, REDIS_URL, REDIS_CACHE_URL, DATABASE_URL, UPBIT_WS_URL } = variables;
  const { LOG_LEVEL, DRAIN_NOTICE_MS, BUILD_COMMIT } = variables;
  const shared = { HOST, REDIS_URL, REDIS_CACHE_URL, DATABASE_URL, UPBIT_WS_URL };
  return parseEnvironment(
    {
      ...shared,
      ...{ LOG_LEVEL, DRAIN_NOTICE_MS, BUILD_COMMIT },
      PORT: PORT.optional(),
      /** Markets to follow, comma-separated, or `*`. */
      LIVE_MARKETS: z.string().default('KRW-BTC').transform(readChoice),
    },
    environment,
  );
}

export type LiveEnv = ReturnType<typeof readEnv>;

export type LiveStart = ProcessStart<LiveEnv>;

function readChoice(text: string, context: z.RefinementCtx): MarketChoice {
  const codes = text.split(',').map((code) => code.trim());
  if (codes.length === 1 && codes[0] === '*') return 'all-krw';
  const markets = codes.filter(isMarketCode);
  if (markets.length === codes.length) return [...new Set(markets)];
  const wrong = codes.filter((code) => !isMarketCode(code)).map((code) => JSON.stringify(code));
  const message = `${wrong.join(', ')} is no market: expected codes such as KRW-BTC, comma-separated, or * for every KRW market`;
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
}
