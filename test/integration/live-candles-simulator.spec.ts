import { isDeepStrictEqual } from 'node:util';
import { LiveMarket, type MinuteVerdict, StreamPulse, sentMsOf } from '@candlekeep/live-candles';
import { type Candle, parseMarketCode, Timeframe } from '@candlekeep/market';
import { Exchange } from '../../apps/exchange-simulator/src/exchange';
import { type Channel, findChannel } from '../../apps/exchange-simulator/src/stream/channel';
import { MarketStream } from '../../apps/exchange-simulator/src/stream/market-stream';
import { type LiveFrame, liveFrame } from '../recorded/live-frame-text';

const MINUTE = Timeframe.parse('1m');
const HOUR_MS = 3_600_000;
const STEP_MS = 500;
/** Twenty minutes and a half before a midnight. */
const START_MS = Date.UTC(2026, 10, 18, 23, 39, 30);
const HOURS = 2;
const MARKETS = ['KRW-BTC', 'KRW-ETH', 'KRW-SOL', 'KRW-DOGE', 'KRW-KNC'];
const CHANNELS = ['trade', 'ticker', 'candle.1m'];

const exchange = new Exchange();

/** The simulator's own frames, in its order, without a wire and as fast as they can be taken. */
describe.each(MARKETS)('the simulated stream of %s', (code) => {
  const verdicts = replay(code);
  const counts = new Map<string, number>();
  for (const verdict of verdicts) {
    const name = verdict.kind === 'doubtful' ? verdict.reason : verdict.kind;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }

  it('proves nothing that the REST answer does not show', () => {
    const wrong = verdicts.filter((verdict) => {
      const own = ownRow(code, verdict.openMs);
      if (verdict.kind === 'empty') return own !== undefined;
      return verdict.kind === 'traded' && !isDeepStrictEqual(verdict.row, own);
    });
    expect(wrong).toEqual([]);
  });

  it('proves nearly all, each minute once', () => {
    process.stdout.write(`${code}: ${JSON.stringify(Object.fromEntries(counts))}\n`);
    const opens = verdicts.map(({ openMs }) => openMs);
    expect(opens).toEqual(opens.map((_, index) => MINUTE.floor(START_MS) + index * 60_000));
    const doubtful = verdicts.filter(({ kind }) => kind === 'doubtful');
    expect(doubtful.length).toBeLessThanOrEqual(verdicts.length / 20);
  });
});

function replay(code: string): MinuteVerdict[] {
  const pulse = new StreamPulse();
  const live = new LiveMarket(parseMarketCode(code));
  const source = frameSource(code);
  const verdicts: MinuteVerdict[] = [];
  let sinceMs: number | undefined;
  pulse.opened(0);
  for (const frame of source.snapshots()) live.hear(frame, 0);
  for (let atMs = 0; atMs < HOURS * HOUR_MS; atMs += STEP_MS) {
    const nowMs = START_MS + atMs + STEP_MS;
    for (const frame of source.within(nowMs - STEP_MS, nowMs)) {
      const sentMs = sentMsOf(frame);
      const arrival = { atMonotonicMs: atMs + STEP_MS, nowMs };
      const heardAtMs = pulse.heard(sentMs === undefined ? arrival : { ...arrival, sentMs });
      live.hear(frame, heardAtMs);
    }
    // Another market's order book.
    pulse.heard({ atMonotonicMs: atMs + STEP_MS, nowMs, sentMs: nowMs - 1 });
    const steadySinceMs = pulse.steadySinceMs();
    if (steadySinceMs !== sinceMs && steadySinceMs !== undefined) live.restart(steadySinceMs);
    sinceMs = steadySinceMs;
    verdicts.push(...live.judge(nowMs));
    live.finalUntil(nowMs - 10_000);
  }
  return verdicts;
}

function frameSource(code: string) {
  const listing = exchange.list.find(code);
  if (listing === undefined) throw new Error(`${code} is not listed`);
  const stream = new MarketStream(listing.market, listing.tape);
  const market = listing.market;
  const read = (bytes: Buffer): LiveFrame => liveFrame(bytes.toString(), market);
  const channels = CHANNELS.map(channelOf);
  return {
    snapshots: () =>
      channels.flatMap((channel) => {
        const frame = stream.snapshot(channel, START_MS);
        return frame === undefined ? [] : read(frame.bytes('DEFAULT'));
      }),
    within: (fromMs: number, untilMs: number) =>
      channels.flatMap((channel) =>
        stream
          .realtime(channel, { fromMs: fromMs + 1, untilMs: untilMs + 1 })
          .map((frame) => read(frame.bytes('DEFAULT'))),
      ),
  };
}

function channelOf(type: string): Channel {
  const channel = findChannel(type);
  if (channel === undefined) throw new Error(`${type} is not streamed`);
  return channel;
}

function ownRow(code: string, openMs: number): Candle | undefined {
  const page = { market: parseMarketCode(code), timeframe: MINUTE, count: 1, beforeMs: openMs + 1 };
  const [row] = exchange.candles(page, openMs + HOUR_MS);
  return row?.openMs === openMs ? row : undefined;
}
