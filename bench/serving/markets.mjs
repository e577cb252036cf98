// Fifty markets with rows in L2 that nobody has to ask the exchange for.
import { keepRows, openStore, seriesOf } from '../made-rows.mjs';

const RECORDED = ['KRW-BTC', 'KRW-ETH', 'KRW-SOL', 'KRW-DOGE', 'KRW-KNC'];
const MARKETS = 50;
/** Rows end here: closed for so long that nobody looks at them again. */
const END_AGO_MS = 1_200_000;
/** Rows of one save. */
const PORTION = 2_000;

/** The recorded markets, and as many that trade like them as make fifty; the gateway knows them all. */
export async function listMarkets({ controlUrl, gateways }) {
  const markets = [...RECORDED];
  for (let n = RECORDED.length; n < MARKETS; n += 1) {
    const market = `KRW-M${n}`;
    const body = JSON.stringify({ market, like: RECORDED[n % RECORDED.length] });
    const response = await fetch(`${controlUrl}/markets`, { method: 'POST', body });
    if (!response.ok) throw new Error(`${market} was not listed: ${await response.text()}`);
    markets.push(market);
  }
  for (const { url } of gateways) await (await fetch(`${url}/v1/market/all`)).text();
  return markets;
}

/** Puts the newest `rows` of these series into L2; resolves to where those of each unit (minutes) end, epoch ms. */
export async function keepNewest({ env }, { markets, units, rows }) {
  const { store, close } = await openStore(env.DATABASE_URL);
  const ends = new Map();
  for (const unit of units) {
    for (const market of markets) {
      const series = seriesOf(market, `${unit}m`);
      const untilMs = series.timeframe.floor(Date.now() - END_AGO_MS);
      ends.set(unit, untilMs);
      for (let left = rows; left > 0; left -= PORTION) {
        const fromMs = series.timeframe.shift(untilMs, -left);
        await keepRows(store, series, { fromMs, slots: Math.min(left, PORTION) });
      }
    }
  }
  await close();
  return ends;
}
