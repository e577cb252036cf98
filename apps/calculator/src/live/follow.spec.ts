import { ManualClock } from '@candlekeep/clock';
import { parseMarketCode, Timeframe } from '@candlekeep/market';
import {
  FORMING_MS,
  toldCandle,
  ToldSource,
} from '../../../../test/support/calculator/told-source';
import type { Snapshot } from '../variables/snapshot';
import { follow } from './follow';

const MINUTE = 60_000;

/** A calculator that follows `source` on a clock of the test's. */
function following(source: ToldSource, isClosedOnly = false) {
  const [clock, left] = [new ManualClock(), new AbortController()];
  const [shown, warned]: [Snapshot[], string[]] = [[], []];
  const screen = {
    show: (snapshot: Snapshot) => shown.push(snapshot),
    warn: (message: string) => warned.push(message),
  };
  const subject = {
    ...{ market: parseMarketCode('KRW-BTC'), timeframe: Timeframe.parse('1m') },
    isClosedOnly,
  };
  const ended = follow(subject, { source, clock, screen }, left.signal);
  return { clock, left, shown, warned, ended };
}

const valueOf = (snapshot: Snapshot | undefined, title: string) =>
  snapshot?.readings.find((reading) => reading.title === title)?.values?.value;

describe('a calculator that follows', () => {
  it('asks for what its hungriest variables need, of two timeframes', async () => {
    const source = new ToldSource();
    const { clock, left, ended } = following(source);
    await clock.advance(100);
    expect(source.asked).toMatchObject([
      { market: 'KRW-BTC', timeframe: '1m', count: 121 },
      { market: 'KRW-BTC', timeframe: '5m', count: 2 },
    ]);
    left.abort();
    await ended;
    expect(source.listener).toBeUndefined();
  });

  it('shows a change once, and changes of a moment together', async () => {
    const source = new ToldSource();
    const { clock, shown } = following(source);
    await clock.advance(100);
    expect(shown.map((one) => valueOf(one, 'CURRENT_PRICE'))).toEqual([500]);
    for (const price of [501, 502, 503]) source.listener?.candle(toldCandle(price, 2));
    await clock.advance(100);
    source.listener?.candle(toldCandle(503, 3));
    await clock.advance(500);
    expect(shown.map((one) => valueOf(one, 'CURRENT_PRICE'))).toEqual([500, 503]);
    expect(shown.at(-1)?.asOfMs).toBe(FORMING_MS + 2_000);
  });

  it('loses nothing that is told while it reads', async () => {
    const source = new ToldSource(false);
    const { clock, shown } = following(source);
    source.listener?.candle(toldCandle(600, 2));
    source.listener?.candle(toldCandle(7, 0.5));
    source.answer();
    await clock.advance(100);
    expect(shown.map((one) => valueOf(one, 'CURRENT_PRICE'))).toEqual([600]);
  });

  it('moves indicators with the forming candle, or leaves it out of them', async () => {
    const [open, closed] = [new ToldSource(), new ToldSource()];
    const [withForming, without] = [following(open), following(closed, true)];
    await withForming.clock.advance(100);
    await without.clock.advance(100);
    expect(valueOf(withForming.shown[0], 'SMA 14')).toBeCloseTo((13 * 400 + 500) / 14, 9);
    expect(valueOf(without.shown[0], 'SMA 14')).toBe(400);
    expect(valueOf(without.shown[0], 'CURRENT_PRICE')).toBe(500);
    expect(closed.asked.map(({ count }) => count)).toEqual([122, 3]);
    closed.listener?.candle(toldCandle(510, 1, FORMING_MS + MINUTE));
    await without.clock.advance(100);
    expect(valueOf(without.shown[1], 'SMA 14')).toBeCloseTo((13 * 400 + 500) / 14, 9);
    expect(valueOf(without.shown[1], 'CURRENT_PRICE')).toBe(510);
  });

  it('reads anew after a gap, until that succeeds, and says what is wrong meanwhile', async () => {
    const source = new ToldSource();
    const { clock, shown, warned } = following(source);
    await clock.advance(100);
    source.listener?.problem(new Error('the stream is away'));
    source.failure = new Error('no answer');
    source.listener?.gap();
    await clock.advance(1_500);
    expect(warned).toEqual(['the stream is away', 'no answer', 'no answer']);
    source.failure = undefined;
    source.price = 777;
    await clock.advance(2_000);
    expect(shown.map((one) => valueOf(one, 'CURRENT_PRICE'))).toEqual([500, 777]);
    expect(source.asked).toHaveLength(8);
  });

  it('says what was wrong with the stream before it had read, once it has', async () => {
    const source = new ToldSource(false);
    const { clock, warned } = following(source);
    source.listener?.problem(new Error('the stream is away'));
    expect(warned).toEqual([]);
    source.answer();
    await clock.advance(100);
    expect(warned).toEqual(['the stream is away']);
  });

  it('ends with the one reason when the first reading fails', async () => {
    const source = new ToldSource(false);
    source.failure = new Error('no answer from http://127.0.0.1:1');
    const { ended, warned } = following(source);
    source.listener?.problem(new Error('the stream has none either'));
    source.answer();
    await expect(ended).rejects.toThrow('no answer from');
    expect(source.listener).toBeUndefined();
    expect(warned).toEqual([]);
  });
});
