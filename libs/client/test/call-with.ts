import type { CandlekeepClient } from '../src/candlekeep-client';

type Method = 'getCandles' | 'getColumns' | 'readRange' | 'subscribe' | 'getMarkets';

/** Calls a method as somebody without types does: with whatever he likes. */
export function callWith(
  client: CandlekeepClient,
  method: Method,
  ...given: readonly unknown[]
): unknown {
  const called: unknown = Reflect.get(client, method);
  if (typeof called !== 'function') throw new Error(`a client has no method ${method}`);
  return Reflect.apply(called, client, given);
}
