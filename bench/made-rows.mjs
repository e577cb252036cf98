// Candles that were never traded, put straight into L2 where a benchmark needs more of them than the exchange would give in time.
import storeRoom from '../dist/libs/candle-store/src/index.js';
import marketRoom from '../dist/libs/market/src/index.js';
import postgresRoom from '../dist/libs/postgres/src/index.js';
import telemetryRoom from '../dist/libs/telemetry/src/index.js';

export function seriesOf(market, timeframe) {
  return {
    market: marketRoom.parseMarketCode(market),
    timeframe: marketRoom.Timeframe.parse(timeframe),
  };
}

/** L2 behind this address, its tables made; `close` ends the pool. */
export async function openStore(databaseUrl) {
  const pool = postgresRoom.createPool({
    ...{ url: databaseUrl, applicationName: 'bench', onError: () => {} },
  });
  await storeRoom.migrateCandleStore(pool, telemetryRoom.silentLogger);
  return { pool, store: new storeRoom.PostgresCandleStore(pool), close: () => pool.end() };
}

/** Keeps a row for each of `slots` slots from `fromMs` on, as if the exchange had shown them just now. */
export async function keepRows(store, series, { fromMs, slots }) {
  const revision = await store.openRevision(series);
  await store.save({
    ...{ series, rows: rowsFrom(series, fromMs, slots), provenance: 'native' },
    readAtMs: Date.now(),
    covered: { fromMs, untilMs: series.timeframe.shift(fromMs, slots) },
    basis: [{ timeframe: series.timeframe, revision }],
  });
}

export function rowsFrom({ timeframe }, fromMs, slots) {
  return Array.from({ length: slots }, (_, index) => {
    const openMs = timeframe.shift(fromMs, index);
    const price = `${158_000_000 + (index % 977) * 1_000}.00000000`;
    return {
      ...{ openMs, open: price, high: price, low: price, close: price },
      timestampMs: openMs + 59_123,
      ...{ turnover: `${28_894_147 + index}.64922000`, volume: `0.${18_285_599 + index}` },
    };
  });
}
