import { parseMarketCode, scaledOf, Timeframe, type Candle } from '@candlekeep/market';
import { memberOf } from '../../testing/stream-client';
import { RIG_START_MS, StreamRig } from '../../testing/stream-rig';
import { Exchange } from '../exchange';
import { orderBook } from '../quotes/order-book';
import { findChannel, type Channel } from './channel';
import { MarketStream } from './market-stream';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
/** A whole minute. */
const start = RIG_START_MS - 500;

const exchange = new Exchange();

function streamOf(market: string): MarketStream {
  const listing = exchange.list.find(market)!;
  return new MarketStream(listing.market, listing.tape);
}

function channelOf(type: string): Channel {
  const channel = findChannel(type);
  if (channel === undefined) throw new Error(`${type} is not streamed`);
  return channel;
}

function told(
  market: string,
  type: string,
  [fromMs, untilMs]: readonly [number, number],
): string[] {
  return streamOf(market)
    .realtime(channelOf(type), { fromMs, untilMs })
    .map((frame) => frame.bytes('DEFAULT').toString());
}

function restMinute(market: string, openMs: number): Candle {
  const page = { market: parseMarketCode(market), count: 1, beforeMs: openMs + 1 };
  const [row] = exchange.candles(
    { ...page, timeframe: Timeframe.parse('1m') },
    openMs + 10 * MINUTE_MS,
  );
  if (row?.openMs !== openMs) throw new Error(`${market} did not trade at ${openMs}`);
  return row;
}

describe('the trades that a stream tells', () => {
  const hour = told('KRW-BTC', 'trade', [start, start + HOUR_MS]);

  it.each(['KRW-BTC', 'KRW-ETH', 'KRW-SOL', 'KRW-DOGE'])(
    'sum to exactly the minutes of the REST answer, volume and price × volume (%s)',
    (market) => {
      const frames = told(market, 'trade', [start, start + HOUR_MS + MINUTE_MS]);
      for (let openMs = start; openMs < start + HOUR_MS; openMs += MINUTE_MS) {
        const row = restMinute(market, openMs);
        const ofMinute = frames.filter((frame) => {
          const atMs = Number(memberOf(frame, 'trade_timestamp'));
          return atMs >= openMs && atMs < openMs + MINUTE_MS;
        });
        const volumes = ofMinute.map((frame) => scaledOf(memberOf(frame, 'trade_volume')));
        const prices = ofMinute.map((frame) => scaledOf(memberOf(frame, 'trade_price')));
        const products = prices.map((price, index) => price * (volumes[index] ?? 0n));
        expect(sum(volumes)).toBe(scaledOf(row.volume));
        expect(sum(products)).toBe(scaledOf(row.turnover) * 10n ** 8n);
      }
    },
  );

  it('come out of order in a few per cent, by less than a second, and never twice', () => {
    let newest = 0n;
    const setBacks: bigint[] = [];
    for (const frame of hour) {
      const id = BigInt(memberOf(frame, 'sequential_id'));
      if (id < newest) setBacks.push((newest - id) / 10_000n);
      else newest = id;
    }
    expect(setBacks.length / hour.length).toBeGreaterThan(0.01);
    expect(setBacks.length / hour.length).toBeLessThan(0.09);
    expect(setBacks.every((ms) => ms < 1_000n)).toBe(true);
    expect(new Set(hour.map((frame) => memberOf(frame, 'sequential_id'))).size).toBe(hour.length);
  });

  it('are the same in whatever steps the time passes', () => {
    const stream = streamOf('KRW-BTC');
    const inSteps: string[] = [];
    for (let fromMs = start; fromMs < start + 5 * MINUTE_MS; fromMs += 100) {
      const frames = stream.realtime(channelOf('trade'), { fromMs, untilMs: fromMs + 100 });
      inSteps.push(...frames.map((frame) => frame.bytes('DEFAULT').toString()));
    }
    expect(inSteps).toEqual(told('KRW-BTC', 'trade', [start, start + 5 * MINUTE_MS]));
    expect(inSteps.length).toBeGreaterThan(20);
  });

  it('each move the ticker, whose day grows by just their turnover', () => {
    const span = [start, start + 5 * MINUTE_MS] as const;
    const tickers = told('KRW-ETH', 'ticker', span);
    const days = tickers.map((frame) => scaledOf(memberOf(frame, 'acc_trade_price'), 16));
    expect(days).toEqual([...days].sort((a, b) => (a < b ? -1 : 1)));
    expect(new Set(days).size).toBe(days.length);
    const moments = new Set(tickers.map((frame) => memberOf(frame, 'timestamp')));
    expect(moments.size).toBe(tickers.length);
    expect(tickers.every((frame) => /"acc_trade_price":\d+\.\d{16},/.test(frame))).toBe(true);
  });
});

function sum(values: readonly bigint[]): bigint {
  return values.reduce((total, value) => total + value, 0n);
}

describe('the candles that a stream tells', () => {
  const span = [start, start + 10 * MINUTE_MS + 1] as const;
  const frames = told('KRW-BTC', 'candle.1m', span);
  const opens = [...new Set(frames.map((frame) => memberOf(frame, 'candle_date_time_utc')))];

  it('come at most once a second, and only when a trade changed them', () => {
    const stored = frames.map((frame) => Number(memberOf(frame, 'timestamp')));
    const seconds = stored.map((ms) => Math.floor(ms / SECOND_MS));
    expect(new Set(seconds).size).toBe(frames.length);
    expect(new Set(frames).size).toBe(frames.length);
    expect(frames.length).toBeLessThan(200);
  });

  it('end, each by its last frame, as the REST row does, unless its last trade was stored past the close', () => {
    expect(opens.length).toBe(10);
    let late = 0;
    for (const opened of opens) {
      const openMs = Date.parse(`${opened}Z`);
      const last = frames.findLast((frame) => frame.includes(opened))!;
      const row = restMinute('KRW-BTC', openMs);
      const isLate = row.timestampMs >= openMs + MINUTE_MS;
      if (isLate) late += 1;
      expect(memberOf(last, 'candle_acc_trade_volume') === row.volume).toBe(!isLate);
      expect(Number(memberOf(last, 'timestamp'))).toBeLessThan(openMs + MINUTE_MS);
    }
    expect(late).toBeLessThan(opens.length);
  });

  it('of seconds, hours and everything between tell of the same trades', () => {
    const lengths = ['1s', '1m', '3m', '5m', '10m', '15m', '30m', '60m', '240m'];
    const counts = lengths.map((code) => {
      const channel = `candle.${code}`;
      const frames = told('KRW-SOL', channel, [start, start + MINUTE_MS]);
      expect(frames.every((frame) => memberOf(frame, 'type') === channel)).toBe(true);
      return frames.length;
    });
    const [seconds, minutes = 0, ...longer] = counts;
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(minutes);
    // A trade stored past the close of its minute is news to a longer candle only.
    expect(longer.every((count) => count === minutes || count === minutes + 1)).toBe(true);
  });

  it('begin with the newest there is, however old, and go on a second after the next trade', () => {
    const thin = streamOf('KRW-KNC');
    const channel = channelOf('candle.1m');
    const storedMs = thin.schedule
      .storedWithin({ fromMs: start, untilMs: start + HOUR_MS })
      .map((trade) => trade.storedMs);
    const beforeMs = storedMs.find((ms, index) => (storedMs[index + 1] ?? 0) - ms > 5 * MINUTE_MS)!;
    const nextMs = storedMs[storedMs.indexOf(beforeMs) + 1]!;
    const snapshot = thin
      .snapshot(channel, nextMs - 1)!
      .bytes('DEFAULT')
      .toString();
    expect(Number(memberOf(snapshot, 'timestamp'))).toBe(beforeMs);
    const silent = { fromMs: beforeMs + SECOND_MS, untilMs: nextMs + 1 };
    expect(thin.realtime(channel, silent)).toEqual([]);
    const nextSecondMs = Math.floor(nextMs / SECOND_MS) * SECOND_MS + SECOND_MS;
    const spoken = { fromMs: nextMs, untilMs: nextSecondMs + 1 };
    expect(thin.realtime(channel, spoken)).toHaveLength(1);
  });
});

describe('the order books that a stream tells', () => {
  it('change between the trades as well, and are those that REST answers at that moment', () => {
    const span = [start, start + MINUTE_MS] as const;
    const frames = told('KRW-BTC', 'orderbook', span);
    const stored = streamOf('KRW-BTC').schedule.storedWithin({ fromMs: span[0], untilMs: span[1] });
    expect(frames.length).toBeGreaterThan(stored.length + 90);
    const moments = frames.map((frame) => Number(memberOf(frame, 'timestamp')));
    expect(moments).toEqual([...new Set(moments)].sort((a, b) => a - b));
    for (const [index, atMs] of moments.entries()) {
      const view = exchange.findView('KRW-BTC', atMs)!;
      const book = orderBook(parseMarketCode('KRW-BTC'), view, { level: 0n, count: 1 })!;
      expect(memberOf(frames[index]!, 'total_ask_size')).toBe(book.totalAskSize);
    }
  });
});

describe('a real connection', () => {
  it('hears a minute’s trades as they happen and its candle a second at a time', async () => {
    const rig = new StreamRig();
    await rig.open();
    const client = await rig.connect();
    const codes = ['KRW-BTC'];
    await client.subscribe([
      { type: 'trade', codes, is_only_realtime: true },
      { type: 'candle.1m', codes, is_only_realtime: true },
    ]);
    const fromMs = rig.clock.nowMs() + 1;
    await rig.clock.advance(MINUTE_MS);
    await client.settle();
    const heard = client.take();
    const ofType = (type: string): string[] =>
      heard.filter((frame) => memberOf(frame, 'type') === type);
    const untilMs = rig.clock.nowMs() + 1;
    expect(ofType('trade')).toEqual(told('KRW-BTC', 'trade', [fromMs, untilMs]));
    expect(ofType('candle.1m')).toEqual(told('KRW-BTC', 'candle.1m', [fromMs, untilMs]));
    await rig.close();
  });
});
