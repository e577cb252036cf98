import type { Flag } from '@candlekeep/command-line';

/** Where the gateway is when nobody says so. */
export const GATEWAY_URL = 'http://127.0.0.1:3000';
/** Where the key stands that a gateway may ask for: on a command line others would see it. */
export const KEY_VARIABLE = 'CANDLEKEEP_KEY';
export const MARKET = 'KRW-BTC';
export const TIMEFRAME = '1m';
/** How long load is made when nobody says so. */
export const SECONDS = 10;

/** Bounds of the numbers that flags take, both included. */
export const RANGES = {
  instances: { min: 1, max: 1_000 },
  seconds: { min: 1, max: 86_400 },
  every: { min: 1, max: 3_600_000 },
} as const;

export const FLAGS: Readonly<Record<string, Flag>> = {
  gateway: {
    value: 'http://host:port',
    meaning: `the gateway to ask; else GATEWAY_URL, else ${GATEWAY_URL}`,
  },
  market: { value: 'KRW-BTC', meaning: `the market; else MARKET, else ${MARKET}` },
  timeframe: {
    value: '15m',
    meaning: `the timeframe; else TIMEFRAME, else ${TIMEFRAME}; seconds (1s) are not streamed: use --once`,
  },
  closed: { meaning: 'compute indicators of closed candles alone, which move at a close only' },
  once: { meaning: 'show one table and end' },
  instances: { value: '20', meaning: 'make load: so many calculators at once, each on its own' },
  seconds: { value: '30', meaning: `how long load is made; default ${SECONDS}` },
  every: {
    value: '1000',
    meaning: 'ms from one question of a calculator to its next; default: at once',
  },
  help: { meaning: 'this page; -h as well' },
};

const PROMISE = `Computes trading variables of one market from the candles of a gateway, and follows every change: on a
terminal a table that is drawn anew in place, elsewhere a line for each change. Ctrl-C ends it.

Indicators take in the candle that is forming, as charts do and as the exchange answers, so they move with
the price; --closed leaves it out. CURRENT_PRICE is always the forming candle's. A variable whose history is too
short for a value says so, and how many candles it would take.`;

const EXIT =
  '0 done, or you left (Ctrl-C); 1 refused, no answer from the gateway, or load with errors';

/** The page that `--help` shows. */
export function usageText(): string {
  const spelled = Object.entries(FLAGS).map(([name, { value, meaning }]): [string, string] => [
    `--${name}${value === undefined ? '' : ` ${value}`}`,
    meaning,
  ]);
  const width = Math.max(...spelled.map(([left]) => left.length));
  const lines = spelled.map(([left, meaning]) => `  ${left.padEnd(width)}  ${meaning}`);
  return `npm run -s calculator -- [flags]\n\n${PROMISE}\n\n${lines.join('\n')}\n\nenvironment:\n  ${KEY_VARIABLE}  a key, for a gateway that asks for one\n\nexit codes:\n  ${EXIT}`;
}
