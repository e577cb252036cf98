import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { TickerFrame, TradeFrame } from '@candlekeep/exchange-client';
import { LiveMarket } from '@candlekeep/live-candles';
import { parseMarketCode, scaledOf, textOfScaled, Timeframe } from '@candlekeep/market';
import { type LiveFrame, liveFrame, memberText } from './live-frame-text';

const WS = path.resolve('..', 'shared', 'data', 'ws');
const MINUTE = Timeframe.parse('1m');
const KRW_BTC = parseMarketCode('KRW-BTC');

describe('the recorded sample of trades and tickers', () => {
  const frames = sampleFrames();
  const trades = frames.filter((frame): frame is TradeFrame => frame.kind === 'trade');
  const tickers = frames.filter((frame): frame is TickerFrame => frame.kind === 'ticker');

  it('has a volume of the day that grows by exactly the trades executed up to each ticker', () => {
    const [first] = tickers;
    const told = tickers.map((ticker) => scaledOf(ticker.volume) - scaledOf(first?.volume ?? '0'));
    const summed = tickers.map((ticker) =>
      trades
        .filter(({ isSnapshot, tradedAtMs }) => !isSnapshot && tradedAtMs <= ticker.tradedAtMs)
        .reduce((sum, { volume }) => sum + scaledOf(volume), 0n),
    );
    process.stdout.write(`${tickers.length} tickers hold against ${trades.length} trades\n`);
    expect(summed).toEqual(told);
  });

  it('ends with two trades of one ms in the wrong order of ids, which do not change the close', () => {
    const [one, other] = trades.slice(-2);
    expect(BigInt(one?.sequentialId ?? 0)).toBeGreaterThan(BigInt(other?.sequentialId ?? 0));
    expect([one?.tradedAtMs, one?.price]).toEqual([other?.tradedAtMs, other?.price]);
  });

  it('tells by a ticker, without a candle frame, how a minute begins', () => {
    const live = new LiveMarket(KRW_BTC);
    const openMs = MINUTE.floor(trades[0]?.tradedAtMs ?? 0);
    // As if the stream had been whole since the minute before, whose last trade the snapshots tell.
    frames.slice(0, 2).forEach((frame) => {
      live.hear(movedBack(frame, openMs - 1), 0);
    });
    live.restart(openMs);
    frames.slice(2).forEach((frame, index) => {
      live.hear(frame, 1 + index);
    });
    const sight = live.sight({ exchangeMs: openMs + 58_000, asOfMonotonicMs: 100 });
    const counted = trades.filter(
      ({ isSnapshot, tradedAtMs }) =>
        !isSnapshot && tradedAtMs <= (tickers.at(-1)?.tradedAtMs ?? 0),
    );
    const volume = counted.reduce((sum, trade) => sum + scaledOf(trade.volume), 0n);
    expect(sight?.rows).toMatchObject([{ openMs, volume: textOfScaled(volume) }]);
    // Trades that no ticker of the sample counts are known, but not shown: they may have overtaken others.
    expect(counted.length).toBeLessThan(trades.length - 1);
    expect(sight?.asOfMonotonicMs).toBeLessThan(100);
  });
});

describe('the recorded trades of 2021', () => {
  const trades = simpleTrades();

  it('are unique by id', () => {
    const ids = new Set(trades.map(({ market, id }) => `${market} ${id}`));
    expect(ids.size).toBe(trades.length);
  });

  it('close a minute at the same price in the order of execution as in that of their ids', () => {
    const minuteOf = ({ market, atMs }: SimpleTrade): string => `${market} ${MINUTE.floor(atMs)}`;
    const minutes = new Set(trades.map(minuteOf));
    let unsure = 0;
    for (const minute of minutes) {
      const group = trades.filter((trade) => minuteOf(trade) === minute);
      const lastMs = Math.max(...group.map(({ atMs }) => atMs));
      const last = new Set(group.filter(({ atMs }) => atMs === lastMs).map(({ price }) => price));
      const byId = group.reduce((latest, trade) => (trade.id > latest.id ? trade : latest));
      if (last.size > 1) unsure += 1;
      expect(last.has(byId.price)).toBe(true);
    }
    process.stdout.write(
      `${trades.length} trades, ${minutes.size} minutes, ${unsure} close unsure\n`,
    );
  });
});

function movedBack(frame: LiveFrame, tradedAtMs: number): LiveFrame {
  return frame.kind === 'candle' ? frame : { ...frame, tradedAtMs };
}

function sampleFrames(): LiveFrame[] {
  const file = path.join(WS, 'upbit_ws_DEFAULT_KRW-BTC_20260524_sample.jsonl');
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  return lines.map((line) => liveFrame(line, KRW_BTC));
}

interface SimpleTrade {
  readonly market: string;
  readonly id: bigint;
  readonly atMs: number;
  readonly price: bigint;
}

/** The capture is in the SIMPLE format, which the product does not speak: its trades' members are read by pattern. */
function simpleTrades(): SimpleTrade[] {
  const file = path.join(WS, 'upbit_ws_SIMPLE_20210405_181700Z_119s.jsonl.gz');
  const lines = gunzipSync(readFileSync(file)).toString().trim().split('\n');
  return lines
    .filter((line) => line.includes('"ty":"trade"'))
    .map((line) => ({
      market: memberText(line, 'cd'),
      id: BigInt(memberText(line, 'sid')),
      atMs: Number(memberText(line, 'ttms')),
      price: scaledOf(memberText(line, 'tp')),
    }));
}
