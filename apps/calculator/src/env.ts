/** What the environment says; a flag of the command line goes before it. Nothing is checked here. */
export interface CalculatorEnv {
  readonly GATEWAY_URL?: string;
  readonly MARKET?: string;
  readonly TIMEFRAME?: string;
  /** What the gateway is shown, where it asks for a key. */
  readonly CANDLEKEEP_KEY?: string;
}

/** Reads the calculator's environment. An empty variable counts as not given. */
export function readEnv(): CalculatorEnv {
  const names = ['GATEWAY_URL', 'MARKET', 'TIMEFRAME', 'CANDLEKEEP_KEY'] as const;
  return Object.fromEntries(
    names.flatMap((name) => {
      const given = process.env[name]?.trim() ?? '';
      return given === '' ? [] : [[name, given]];
    }),
  );
}
