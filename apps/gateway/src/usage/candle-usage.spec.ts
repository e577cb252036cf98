import { LATEST_MS } from '@candlekeep/candle-cache';
import { ManualClock } from '@candlekeep/clock';
import { parseMarketCode, Timeframe } from '@candlekeep/market';
import type { UsageQuestion } from '@candlekeep/usage';
import { CandleUsage } from './candle-usage';
import { QueueTime } from './queue-time';

describe('what is noted of a candle question', () => {
  const market = parseMarketCode('KRW-BTC');
  const noted = (code: string, beforeMs: number, now: string) => {
    const questions: UsageQuestion[] = [];
    const recorder = { note: (question: UsageQuestion) => questions.push(question) };
    const usage = new CandleUsage(recorder, new ManualClock(Date.parse(now)));
    const series = { market, timeframe: Timeframe.parse(code) };
    usage.note('desk', { series, beforeMs, count: 60, maxAgeMs: 1_000, onlyIfCached: false });
    return questions;
  };

  it('is who asked, for what, how much, and how old it may be', () => {
    expect(noted('15m', LATEST_MS, '2026-01-01T10:07:00Z')).toEqual([
      {
        ...{ caller: 'desk', count: 60, maxAgeMs: 1_000, back: 0 },
        series: { market, timeframe: Timeframe.parse('15m') },
      },
    ]);
  });

  it.each([
    ['15m', '2026-01-01T10:15:00Z', 0, 'the end of the present slot'],
    ['15m', '2026-01-02T00:00:00Z', 0, 'a bound in the future'],
    ['15m', '2026-01-01T10:00:00Z', 1, 'the newest closed candles'],
    ['15m', '2025-12-30T08:00:00Z', 201, 'a page further back'],
    ['1w', '2025-12-29T00:00:00Z', 1, 'weeks, which open on Monday'],
    ['1M', '2025-01-01T00:00:00Z', 13, 'months, which are not of one length'],
    ['1y', '1970-01-01T00:00:00Z', 57, 'years'],
    ['1s', '1970-01-01T00:00:01Z', 1_767_262_020, 'seconds since ever'],
  ])('counts how far back a page of %s until %s ends in its own slots: %i (%s)', (...row) => {
    const [code, before, back] = row;
    const [question] = noted(code, Date.parse(before), '2026-01-01T10:07:00Z');
    expect(question?.back).toBe(back);
  });

  it('counts by the queue server’s clock, where this gateway is behind it', async () => {
    const clock = new ManualClock(Date.parse('2026-01-01T10:14:59Z'));
    const time = new QueueTime(() => Promise.resolve(clock.nowMs() + 2_000), clock);
    await clock.advance(0);
    const backs: number[] = [];
    const usage = new CandleUsage({ note: ({ back }) => backs.push(back) }, time);
    const series = { market, timeframe: Timeframe.parse('15m') };
    const beforeMs = Date.parse('2026-01-01T10:15:00Z');
    usage.note('desk', { series, beforeMs, count: 60, maxAgeMs: 1_000, onlyIfCached: false });
    expect(backs).toEqual([1]);
    await time.close();
  });
});
