import { SystemClock } from '@candlekeep/clock';
import {
  byLimitGroup,
  type CandlePage,
  type StreamFrame,
  UpbitRestClient,
  UpbitStream,
} from '@candlekeep/exchange-client';
import { parseMarketCode, scaledOf, textOfScaled, Timeframe } from '@candlekeep/market';
import { RateLimiter, steadyDemand } from '@candlekeep/rate-limiter';
import { openRedis, type RedisConnection } from '@candlekeep/redis';
import { silentLogger } from '@candlekeep/telemetry';
import { type Simulator, startSimulator } from '../../apps/exchange-simulator/src/simulator';
import { waitFor } from '../support/app-process';
import { forgetBudgets } from '../support/forget-budgets';
import { redisUrl } from '../support/servers';

const SECOND_MS = 1_000;
/** Trades come up to a second out of order, and a candle's last one can be stored up to two seconds late. */
const SETTLED_MS = 3 * SECOND_MS;
/** The recorded market can pause for most of a minute. */
const QUIET_MS = 90_000;
const clock = new SystemClock();
const market = parseMarketCode('KRW-BTC');
const demand = steadyDemand(0);

describe('exchange client against the simulator', () => {
  const egressId = `spec-${clock.token()}`;
  let simulator: Simulator;
  let redis: RedisConnection;
  let client: UpbitRestClient;

  beforeAll(async () => {
    simulator = await startSimulator();
    redis = openRedis({ url: redisUrl(), role: 'command', name: 'client', onError: ignore });
    client = new UpbitRestClient({
      baseUrl: simulator.url,
      version: '0.0.0',
      limiters: byLimitGroup((group) => new RateLimiter(redis, { egressId, group }, clock)),
      clock,
      log: silentLogger,
    });
  });

  afterAll(async () => {
    client.close();
    await forgetBudgets(redis, egressId);
    await redis.quit();
    await simulator.close();
  });

  it.each(Timeframe.ALL)(
    'trusts every row of %s, of a busy market and a thin one',
    async (timeframe) => {
      for (const code of ['KRW-BTC', 'KRW-KNC']) {
        const page = await getCandles(code, timeframe);
        expect(page.candles.length).toBeGreaterThan(0);
        expect(page.remainingInSecond).toBeGreaterThanOrEqual(0);
      }
    },
  );

  it('passes on every path that it says it passes on', async () => {
    for (const [path, query] of [
      ['/v1/ticker', 'markets=KRW-BTC,KRW-ETH'],
      ['/v1/ticker/all', 'quote_currencies=KRW'],
      ['/v1/trades/ticks', 'market=KRW-BTC&count=5'],
      ['/v1/orderbook', 'markets=KRW-BTC'],
      ['/v1/orderbook/instruments', 'markets=KRW-BTC'],
    ] as const) {
      expect(await forward(path, query)).toMatchObject({ status: 200 });
    }
    expect(await forward('/v1/ticker', 'markets=KRW-NOPE')).toMatchObject({ status: 404 });
    expect(await forward('/v1/orderbook', '')).toMatchObject({ status: 400 });
  });

  it('follows a stream whose trades are the volume of the exchange’s own seconds', async () => {
    const frames = await followUntil((seen) => settledSeconds(seen).size > 0);
    expect(new Set(frames.map(({ kind }) => kind))).toEqual(new Set(['candle', 'trade', 'ticker']));
    const { candles } = await getCandles('KRW-BTC', Timeframe.parse('1s'));
    const volumes = new Map(candles.map(({ openMs, volume }) => [openMs, volume]));
    for (const openMs of settledSeconds(frames)) {
      expect([openMs, volumeOf(frames, openMs)]).toEqual([openMs, volumes.get(openMs)]);
    }
  }, 120_000);

  async function getCandles(code: string, timeframe: Timeframe): Promise<CandlePage> {
    const series = { market: parseMarketCode(code), timeframe };
    return client.getCandles({ series, count: 200, signal: AbortSignal.timeout(20_000), demand });
  }

  async function forward(path: string, query: string) {
    return client.forward({ path, query, signal: AbortSignal.timeout(20_000), demand });
  }

  /** Everything that a stream delivers until `isEnough`; none of it may be malformed. */
  async function followUntil(isEnough: (seen: readonly StreamFrame[]) => boolean) {
    const frames: StreamFrame[] = [];
    const caller = new AbortController();
    const stream = new UpbitStream({ version: '0.0.0', clock, log: silentLogger }).open({
      url: `${simulator.url.replace('http', 'ws')}/websocket/v1`,
      subscriptions: [
        { kind: 'candle', timeframe: Timeframe.parse('1s'), markets: [market] },
        { kind: 'trade', markets: [market] },
        { kind: 'ticker', markets: [market] },
      ],
      signal: caller.signal,
      onFrame: (frame) => frames.push(frame),
      onState: ignore,
    });
    const enough = waitFor(() => {
      expect(isEnough(frames)).toBe(true);
    }, QUIET_MS);
    await Promise.race([enough, stream.ended]).finally(() => {
      caller.abort();
    });
    await stream.ended;
    expect(stream.counts()).toEqual({ connections: 1, frames: frames.length, malformed: 0 });
    return frames;
  }
});

/** When the trades that came after the snapshot were executed, epoch ms. */
function tradedAt(frames: readonly StreamFrame[]): number[] {
  return frames.flatMap((frame) =>
    frame.kind === 'trade' && !frame.isSnapshot ? [frame.tradedAtMs] : [],
  );
}

/** The opens of the seconds with trades of which every trade must have come, epoch ms. */
function settledSeconds(frames: readonly StreamFrame[]): ReadonlySet<number> {
  const instants = tradedAt(frames);
  const fromMs = Math.ceil(Math.min(...instants) / SECOND_MS + 1) * SECOND_MS;
  const untilMs = Math.max(...instants) - SETTLED_MS;
  const opens = instants.map((ms) => Math.floor(ms / SECOND_MS) * SECOND_MS);
  return new Set(opens.filter((openMs) => openMs >= fromMs && openMs < untilMs));
}

function volumeOf(frames: readonly StreamFrame[], openMs: number): string {
  const volumes = new Map<string, bigint>();
  for (const frame of frames) {
    if (frame.kind !== 'trade' || frame.tradedAtMs < openMs) continue;
    if (frame.tradedAtMs < openMs + SECOND_MS) {
      volumes.set(frame.sequentialId, scaledOf(frame.volume));
    }
  }
  return textOfScaled([...volumes.values()].reduce((sum, volume) => sum + volume, 0n));
}

function ignore(): void {
  // States are of no interest, and a command that fails rejects by itself.
}
