import type { CallerClass } from '@candlekeep/market';
import { checkOptions, numeric, oneOf, optional, type OptionRules, textual } from './option-rules';

export interface CandlekeepClientOptions {
  /** Where a gateway is, without `/api`: `http://127.0.0.1:3000`. */
  readonly baseUrl: string;
  /** Who asks: 1 to 64 of `A-Za-z0-9_.:-`. The gateway learns habits by it; default: this machine's address. */
  readonly caller?: string | undefined;
  /** Who waits: `bot` (default, the most urgent), `monitor`, `chart` or `backtest`. */
  readonly class?: CallerClass | undefined;
  /** How long a call may take, repeats included, ms; 1 or more. Default 12,000: the gateway itself gives up after 8,000. */
  readonly timeoutMs?: number | undefined;
  /** How often a call is repeated at most after 503, 429 or a lost connection, within its time. Default 4. */
  readonly retries?: number | undefined;
  /** Sent as `Authorization: Bearer …`. */
  readonly apiKey?: string | undefined;
  /** A subscription that hears nothing for so long, not even the gateway's beat of each 15 s, is made anew, ms. Default 20,000. */
  readonly silenceMs?: number | undefined;
}

/** Options with their defaults, as the rest of the room takes them. */
export interface ClientSettings {
  readonly baseUrl: URL;
  /** Sent with every request. */
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly retries: number;
  readonly silenceMs: number;
}

const TIMEOUT_MS = 12_000;
const RETRIES = 4;
const SILENCE_MS = 20_000;
const EVERY_CLASS: Record<CallerClass, true> = {
  ...{ bot: true, monitor: true, chart: true, backtest: true },
};
const CALLER = /^[A-Za-z0-9_.:-]{1,64}$/;
const API_KEY = /^[\x21-\x7e]+$/;

const milliseconds = optional(numeric('milliseconds, 1 or more', (ms) => ms >= 1));

const RULES: OptionRules<keyof CandlekeepClientOptions> = {
  baseUrl: textual("a gateway's address such as http://127.0.0.1:3000", isGatewayAddress),
  caller: optional(
    textual('1 to 64 letters, digits, or characters of _.:-', (text) => CALLER.test(text)),
  ),
  class: optional(oneOf(Object.keys(EVERY_CLASS))),
  timeoutMs: milliseconds,
  retries: optional(
    numeric('a whole number, 0 or more', (count) => Number.isInteger(count) && count >= 0),
  ),
  apiKey: optional({
    ...textual('visible ASCII characters', (text) => API_KEY.test(text)),
    isSecret: true,
  }),
  silenceMs: milliseconds,
};

/** Throws a `TypeError` that names the option that is wrong and what would be right. */
export function readOptions(options: CandlekeepClientOptions): ClientSettings {
  checkOptions({ who: 'a client' }, options, RULES);
  const { timeoutMs = TIMEOUT_MS, retries = RETRIES, silenceMs = SILENCE_MS } = options;
  return {
    ...{ baseUrl: new URL(options.baseUrl), headers: headersOf(options) },
    ...{ timeoutMs, retries, silenceMs },
  };
}

function isGatewayAddress(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url !== undefined && /^https?:$/.test(url.protocol) && url.search + url.hash === '';
}

function headersOf({ caller, class: callerClass, apiKey }: CandlekeepClientOptions) {
  return {
    ...(caller === undefined ? {} : { 'x-candlekeep-caller': caller }),
    ...(callerClass === undefined ? {} : { 'x-candlekeep-class': callerClass }),
    ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
  };
}
