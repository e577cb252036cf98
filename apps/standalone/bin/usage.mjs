/** The text of `npm start -- --help`. */
export const usage = `Candlekeep: a shared candle cache between trading calculators and the Upbit exchange.

  npm start                        everything on this machine, against a simulated exchange
  npm run start:live-exchange      the same against the real Upbit
  npm start -- --help              this page

It installs the packages and builds when needed, brings up Postgres and two Redis servers where no
URL is given, then the exchange simulator, the worker, live and the gateway. Ctrl-C stops all of it in order.

Environment (all optional)
  HOST, PORT          where the gateway listens                    127.0.0.1, 3000
  REDIS_URL           queue, limiter, leases: policy noeviction    a private server
  REDIS_CACHE_URL     candles: a server that may evict             REDIS_URL, else a private server
  DATABASE_URL        Postgres 14 or newer                         a private server
  UPBIT_REST_URL      exchange base address, without /v1           the simulator
  UPBIT_WS_URL        the exchange's stream                        /websocket/v1 of UPBIT_REST_URL
  LIVE_MARKETS        followed by stream: * or KRW-BTC,KRW-ETH     *, all KRW markets
  EGRESS_ID           names the outgoing IP whose budget is spent  default
  LIMIT_PER_MINUTE    calls of a group in any minute, 0 = no cap   600
  LIMIT_PER_HOUR      calls of a group in any hour, 0 = no cap     6000
  PRELOAD_CALLS_PER_HOUR  early calls in any hour, 0 = none        1200
  STRATEGIES_DIR      folder of JSON strategies to activate        none
  CANDLEKEEP_FOLDER   where data, logs and the lock lie            .candlekeep in the project

Data lies in <CANDLEKEEP_FOLDER>/<exchange>: simulated and real candles are never kept together.
When the project lies where the database's user cannot reach it (root, in a private folder), the
database lies under /var/lib/candlekeep instead; the lines printed at start say where.`;
