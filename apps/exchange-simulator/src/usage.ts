import type { FaultKind } from './faults/fault-kind';

const HEAD = `exchange-simulator: a stand-in Upbit over real recorded candles

Usage: npm run simulator            (settings by environment variables)
       npm run simulator -- --help

Environment
  HOST, PORT        the exchange's door (127.0.0.1, 3900; port 0: any free one)
  CONTROL_PORT      the control door, on loopback (none; 0: any free port)
  LATENCY_MS        mean delay of an answer, ms (0)
  LATENCY_PROFILE   none | plan | measured; takes the place of LATENCY_MS (none)
  LATENCY_SEED      equal seeds give equal delays of a profile (latency)
  TIME_OFFSET_MS    how far the exchange's clock is ahead of this machine's, ms (0)

Control door, with CONTROL_PORT=3901
  What has been called, and every violation (more than 10 calls a second, Origin, secret headers, calls while blocked):
    curl http://127.0.0.1:3901/calls
    curl http://127.0.0.1:3901/arrivals                  (the newest 50,000 calls: when, which group, rejected or not)
    curl -X DELETE http://127.0.0.1:3901/calls
  Faults:
    curl http://127.0.0.1:3901/faults -d '{"kind":"status-503","times":3,"match":{"group":"candles"}}'
    curl http://127.0.0.1:3901/faults -d '{"kind":"slow-body","everyMs":50,"match":{"path":"/v1/ticker"},"forMs":10000}'
    curl http://127.0.0.1:3901/faults -d '{"kind":"missing-field","field":"low_price","match":{"market":"KRW-BTC"},"probability":0.1,"seed":"a"}'
    curl http://127.0.0.1:3901/faults -d '{"kind":"stream-silent","codes":["KRW-BTC"],"types":["trade"],"forMs":300000}'
    curl http://127.0.0.1:3901/faults -d '{"kind":"stream-reorder","oneIn":5,"behind":3}'
    curl http://127.0.0.1:3901/faults
    curl -X DELETE http://127.0.0.1:3901/faults/1
    curl -X DELETE http://127.0.0.1:3901/faults          (also lifts blocks and cuts answers held back)
  Latency:
    curl http://127.0.0.1:3901/latency -X PUT -d '{"profile":"plan","seed":"a"}'
    curl http://127.0.0.1:3901/latency -X PUT -d '{"meanMs":20}'
  Markets that come and go:
    curl http://127.0.0.1:3901/markets
    curl http://127.0.0.1:3901/markets -d '{"market":"KRW-NEW","like":"KRW-SOL"}'
    curl -X DELETE http://127.0.0.1:3901/markets/KRW-NEW

Every fault takes
  match         {group, path (its beginning), market}; all calls when absent
  times         how many calls are struck; unlimited when absent
  probability   share of the matching calls that are struck, drawn from seed
  forMs         for how long, ms; until it is ended when absent
Faults of the stream are no matter of calls: they take forMs only, and where it says so
  codes, types  which frames: markets, and types such as candle.1m; all frames when absent
Of several that fit a call, the oldest strikes. Kinds, with their options (and what holds when one is absent):`;

/** What `--help` prints, without a final newline. */
export function usageText(kinds: readonly FaultKind[]): string {
  const width = Math.max(...kinds.map(({ kind }) => kind.length)) + 2;
  return [HEAD, ...kinds.map(({ kind, about }) => `  ${kind.padEnd(width)}${about}`)].join('\n');
}
