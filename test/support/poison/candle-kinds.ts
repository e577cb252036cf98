import {
  CandleCache,
  Deposed,
  LATEST_MS,
  RedisCandleWindow,
  TextAnswerCache,
  type CandleQuery,
} from '@candlekeep/candle-cache';
import { isDeepStrictEqual } from 'node:util';
import { parseMarketCode, seriesName, Timeframe } from '@candlekeep/market';
import { steadyDemand } from '@candlekeep/rate-limiter';
import { keys } from '@candlekeep/redis';
import { PageFetcher } from '../../../apps/worker/src/page-fetcher';
import { SeriesFolder } from '../../../apps/worker/src/series-folder';
import { DirectSource } from '../direct-source';
import { MemoryCandleStore } from '../memory-candle-store';
import { busyTape } from '../tape';
import { TapeExchange } from '../tape-exchange';
import type { PoisonHouse } from './poison-house';
import type { PoisonKind } from './poison-kind';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const TEXT_TTL_MS = 60_000;
const series = { market: parseMarketCode('KRW-BTC'), timeframe: Timeframe.parse('1m') };
const META_FIELDS = ['fence', 'keep', 'storeRevision', 'headFrom', 'headSeenAt', 'headRows'];

/** What reads as lost, or as out of sight; figures for people; what is replaced before anybody reads it. */
const UNTOLD = {
  seriesRows: /^(?:members|scores)/,
  seriesMeta:
    /^(?:updatedAt|createdAt|generation|keep)|^(?:headProvenance|headFrom|coverage): empty|^version: neg|version: in the year 9999|: deleted$/,
  windowsUsed: /^(?:members|scores)/,
  windowSizes: /^#(?:generation|auditAt)|: deleted$/,
  windowsWanted: /: deleted$/,
} as const;

/** L1 between a cache with a worker, and an exchange whose every row is known. */
export function candleKinds(house: PoisonHouse): readonly PoisonKind[] {
  const { redis, clock, log } = house;
  const startMs = Math.floor(clock.nowMs() / HOUR_MS) * HOUR_MS;
  const exchange = new TapeExchange(
    new Map([[series.market, busyTape(startMs - 24 * HOUR_MS)]]),
    clock,
  );
  const window = new RedisCandleWindow(redis, clock, { log });
  house.cleanUp.add(() => window.close());
  const tiers = { store: new MemoryCandleStore(clock), window, clock, log };
  const pages = new PageFetcher({ ...tiers, exchange });
  const source = new DirectSource({
    ...{ pages, folder: new SeriesFolder(tiers) },
    note: () => undefined,
  });
  const cache = new CandleCache({ ...tiers, source });
  const ask = async (beforeMs: number, count: number): Promise<string> => {
    const query: CandleQuery = { series, beforeMs, count, maxAgeMs: 1_000, onlyIfCached: false };
    const { rows, asOfMs } = await cache.read(query);
    const shown = [asOfMs, clock.nowMs()].map((atMs) =>
      exchange.show(series, { beforeMs, count }, atMs),
    );
    return shown.some((one) => isDeepStrictEqual(one, rows)) ? 'true' : `${rows.length} other rows`;
  };
  const page = { kind: 'page', market: series.market, timeframe: '1m', untilMs: startMs } as const;
  const fetchAfresh = async () => {
    const { signal } = new AbortController();
    await pages.fetch({ ...page, afresh: true }, { signal, demand: steadyDemand(0) });
  };
  let token = 1;
  /** As live does, which shows its token, and takes a larger one when it was told of one. */
  const followStream = async (): Promise<void> => {
    const covered = { fromMs: startMs, untilMs: startMs };
    const evidence = { series, covered, finals: [], claimsBeginning: false };
    const origin = { seenAtMs: 1, provenance: 'stream', fence: token } as const;
    await window.put(evidence, origin).catch((error: unknown) => {
      if (!(error instanceof Deposed)) throw error;
      token = error.seenToken + 1;
    });
  };
  const act = async () => {
    const answers = [await ask(startMs, 100), await ask(LATEST_MS, 5)];
    await fetchAfresh();
    await followStream();
    return [...answers, await ask(startMs, 100), await ask(LATEST_MS, 5), token < 1e13];
  };
  const keepBooks = async () => {
    const untilMs = clock.nowMs() + HOUR_MS;
    const answers = await act();
    await window.prefer([{ series, rows: 300, untilMs }]);
    const listed = await window.list();
    return [answers, listed.map((one) => [seriesName(one.series), one.rows > 0, one.bytes > 0])];
  };
  return [
    ...(['seriesRows', 'seriesMeta'] as const).map((name) => ({
      ...{ name, act, key: () => keys[name](seriesName(series)), fields: META_FIELDS },
      ...{ silent: UNTOLD[name], except: /^headRows: empty$/ },
    })),
    ...(['windowsUsed', 'windowSizes', 'windowsWanted'] as const).map((name) => ({
      ...{ name, act: keepBooks, key: () => keys[name], silent: UNTOLD[name] },
    })),
    textKind(house),
  ];
}

function textKind({ redis }: PoisonHouse): PoisonKind {
  const texts = new TextAnswerCache(redis);
  const name = 'markets:plain';
  const answer = { status: 200, body: '[]', seenAtMs: 1 };
  const act = async () => {
    const found = (await texts.find(name)).answer;
    if (found === undefined) await texts.put(name, answer, TEXT_TTL_MS);
    return (await texts.find(name)).answer;
  };
  return { name: 'textAnswer', key: () => keys.textAnswer(name), act };
}
