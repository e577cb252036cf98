import { EncodedPages, LATEST_MS, RangeReader } from '@candlekeep/candle-cache';
import { ManualClock } from '@candlekeep/clock';
import { type Candle, parseMarketCode, Timeframe } from '@candlekeep/market';
import { z } from 'zod';
import { MemoryHouse } from '../../../../../test/support/memory-house';
import { tapeOf } from '../../../../../test/support/tape';
import { TapeExchange } from '../../../../../test/support/tape-exchange';
import { columnsOf } from '../candle-columns';
import type { NativeQuestion } from '../question/native-question';
import { CandleAnswers } from './candle-answers';
import type { NativeAnswer } from './native-answer';

const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;
const nowMs = Date.UTC(2026, 0, 20, 12, 0, 30);
const listedMs = nowMs - 30_000 - 10 * DAY;
/** Trades in the first minute of each seven. */
const minutes = Array.from({ length: 11 * 206 }, (_, index) => listedMs + index * 7 * MINUTE);
const market = parseMarketCode('KRW-KNC');
const minute = Timeframe.parse('1m');
const series = { market, timeframe: minute };
const terms = { maxAgeMs: 1_000, onlyIfCached: false };

const body = z.object({
  candles: z.array(z.looseObject({ openMs: z.number(), isEmpty: z.boolean().optional() })),
  ...{ asOfMs: z.number(), finalCount: z.number(), source: z.string() },
  short: z.object({ wanted: z.number(), got: z.number(), reason: z.string() }).nullable(),
});

function deskOf() {
  const clock = new ManualClock(nowMs);
  const exchange = new TapeExchange(new Map([[market, tapeOf(minutes)]]), clock);
  const { cache, store } = new MemoryHouse(exchange, clock);
  const pages = new EncodedPages({ candles: cache, clock, maxBytes: 1_000_000 });
  const ranges = new RangeReader({ cache, store, clock });
  const answers = new CandleAnswers({ pages, candles: cache, ranges, clock });
  const ask = async (more: Partial<NativeQuestion>, signal?: AbortSignal): Promise<NativeAnswer> =>
    await answers.answer(
      {
        ...{ series, span: { kind: 'newest', count: 200, beforeMs: LATEST_MS } },
        ...{ closed: false, fill: 'sparse', format: 'rows', numbers: 'text' },
        columns: columnsOf(minute),
        ...more,
      },
      terms,
      signal,
    );
  const tell = async (more: Partial<NativeQuestion>) =>
    body.parse(JSON.parse(await text(await ask(more))));
  const newest = (count: number) =>
    exchange.show(series, { beforeMs: LATEST_MS, count }, clock.nowMs()).reverse();
  return { clock, exchange, ask, tell, newest };
}

async function text(answer: NativeAnswer): Promise<string> {
  if (answer.kind === 'whole') return answer.body.toString();
  const chunks: Buffer[] = [];
  for await (const chunk of answer.chunks) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

const span = (count: number, beforeMs = LATEST_MS) =>
  ({ kind: 'newest', count, beforeMs }) as const;
const opens = (rows: readonly { readonly openMs: number }[]) => rows.map(({ openMs }) => openMs);
/** Whether every slot is there, once, in order. */
const isGapless = (rows: readonly { readonly openMs: number }[]) =>
  rows.every(({ openMs }, index) => openMs === (rows[0]?.openMs ?? 0) + index * MINUTE);
const traded = (candle: Candle) => ({ ...candle });

describe('the newest candles', () => {
  it.each([1, 150, 201, 500])('%d of them are the exchange’s own, oldest first', async (count) => {
    const { tell, newest } = deskOf();
    const { candles, short } = await tell({ span: span(count) });
    expect(candles).toEqual(newest(count).map(traded));
    expect(short).toBeNull();
  });

  it('are short where history begins, and say so', async () => {
    const { ask, tell, newest } = deskOf();
    const count = newest(10_000).length;
    const { candles, short } = await tell({ span: span(5_000) });
    expect(candles).toHaveLength(count);
    expect(short).toEqual({ wanted: 5_000, got: count, reason: 'history-begins' });
    expect(await ask({ span: span(900, listedMs + 700 * MINUTE) })).toMatchObject({
      short: { wanted: 900, got: 100, reason: 'history-begins' },
    });
  });

  it('are final only where that is asked for', async () => {
    const { clock, tell, newest } = deskOf();
    await clock.advance(2 * 7 * MINUTE - 30_000 + 1_000);
    const all = await tell({ span: span(3) });
    expect(all.finalCount).toBe(2);
    const closed = await tell({ span: span(3), closed: true });
    expect(opens(closed.candles)).toEqual(opens(newest(4).slice(0, 3)));
    expect(closed.finalCount).toBe(3);
  });
});

describe('filled slots', () => {
  it.each([
    [20, false],
    [200, false],
    [777, false],
    [20, true],
    [777, true],
  ])('are the newest %d without a gap, closed ones only: %s', async (count, closed) => {
    const { tell, newest } = deskOf();
    const { candles, finalCount, short } = await tell({ span: span(count), fill: 'null', closed });
    expect(candles).toHaveLength(count);
    expect(isGapless(candles)).toBe(true);
    expect(short).toBeNull();
    const presentMs = minute.floor(nowMs);
    expect(candles.at(-1)?.openMs).toBe(closed ? presentMs - MINUTE : presentMs);
    expect(finalCount).toBe(closed ? count : count - 1);
    const told = candles.filter(({ isEmpty }) => isEmpty === false);
    expect(opens(told)).toEqual(
      opens(newest(count)).filter(
        (openMs) => openMs >= (candles[0]?.openMs ?? 0) && (!closed || openMs < presentMs),
      ),
    );
  });

  it('carry the close before them forward', async () => {
    const { tell, newest } = deskOf();
    for (const count of [6, 300]) {
      const { candles } = await tell({ span: span(count), fill: 'forward' });
      let close = newest(100).findLast(({ openMs }) => openMs < (candles[0]?.openMs ?? 0))?.close;
      for (const slot of candles) {
        if (slot.isEmpty === true) expect(slot).toMatchObject({ open: close, close, volume: '0' });
        else close = String(slot.close);
      }
    }
  });

  it('begin with the first candle where history does', async () => {
    const { tell } = deskOf();
    for (const fill of ['null', 'forward'] as const) {
      const { candles, short } = await tell({ span: span(200, listedMs + 50 * MINUTE), fill });
      expect(candles[0]?.openMs).toBe(listedMs);
      expect(short).toEqual({ wanted: 200, got: 50, reason: 'history-begins' });
      const range = { kind: 'range', fromMs: 0, untilMs: listedMs + 50 * MINUTE } as const;
      expect((await tell({ span: range, fill })).candles).toEqual(candles);
    }
  });

  it('cost no more pages than the slots need', async () => {
    const { exchange, tell } = deskOf();
    await tell({ span: span(1_200), fill: 'null' });
    expect(exchange.calls.length).toBeLessThanOrEqual(2);
  });
});

describe('a range', () => {
  const range = { kind: 'range', fromMs: listedMs + 8 * DAY, untilMs: LATEST_MS } as const;

  it('is whole where it is short', async () => {
    const { ask, tell, newest } = deskOf();
    expect(await ask({ span: range })).toMatchObject({ kind: 'whole', source: 'exchange' });
    const { candles } = await tell({ span: range });
    expect(candles).toEqual(newest(1_000).filter(({ openMs }) => openMs >= range.fromMs));
  });

  it('is streamed where it is long, and the same', async () => {
    const { ask } = deskOf();
    const long = { kind: 'range', fromMs: listedMs, untilMs: LATEST_MS } as const;
    const answer = await ask({ span: { ...long, fromMs: 0 }, fill: 'forward' });
    expect(answer.kind).toBe('streamed');
    const { candles, finalCount } = body.parse(JSON.parse(await text(answer)));
    expect(isGapless(candles)).toBe(true);
    expect(candles[0]?.openMs).toBe(listedMs);
    expect(candles).toHaveLength((minute.floor(nowMs) - listedMs) / MINUTE + 1);
    expect(finalCount).toBe(candles.length - 1);
    const columns = await ask({ span: long, fill: 'forward', format: 'columns' });
    expect(columns.kind).toBe('whole');
  });

  it('is not read on for a caller who has hung up, be it filled slots or before its first byte', async () => {
    const { exchange, ask } = deskOf();
    const leaving = new AbortController();
    const getCandles = exchange.getCandles.bind(exchange);
    exchange.getCandles = (query) => {
      leaving.abort(new Error('the caller has hung up'));
      return getCandles(query);
    };
    const long = { kind: 'range', fromMs: listedMs, untilMs: LATEST_MS } as const;
    await expect(ask({ span: long }, leaving.signal)).rejects.toThrow('hung up');
    // Where history begins, a page is confirmed by another one.
    expect(exchange.calls.length).toBeLessThanOrEqual(2);
    const filled = ask({ span: span(5_000), fill: 'null' }, leaving.signal);
    await expect(filled).rejects.toThrow('hung up');
    expect(exchange.calls.length).toBeLessThanOrEqual(3);
  });

  it('that is given up before it is read is read no further', async () => {
    const { exchange, ask } = deskOf();
    const long = { kind: 'range', fromMs: 0, untilMs: LATEST_MS } as const;
    const answer = await ask({ span: long, fill: 'forward' });
    if (answer.kind !== 'streamed') throw new Error('it is whole');
    const callsBefore = exchange.calls.length;
    answer.end();
    const rest = async () => {
      for await (const chunk of answer.chunks) expect(chunk.length).toBeGreaterThan(0);
    };
    await rest();
    expect(exchange.calls).toHaveLength(callsBefore);
  });

  it('that lies between two opens is empty', async () => {
    const { tell } = deskOf();
    const none = { kind: 'range', fromMs: listedMs, untilMs: listedMs } as const;
    expect(await tell({ span: none })).toMatchObject({ candles: [], finalCount: 0, short: null });
  });
});
