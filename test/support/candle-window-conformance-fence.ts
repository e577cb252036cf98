import { type CandleWindow, Deposed, findNewerToken } from '@candlekeep/candle-cache';
import { InvalidValue, type Series, Timeframe } from '@candlekeep/market';
import fc from 'fast-check';
import { headAt, minute, page, saved, sightOf, type WindowSubject } from './candle-window-subject';
import { freshMarket } from './redis';

/** What every form of L1 does with a writer who may have been succeeded. */
export function describeWindowFence(subject: () => WindowSubject): void {
  const nowMs = minute(1_000);
  let window: CandleWindow;
  let series: Series;
  const see = async (index: number, fence?: number, seenAtMs = nowMs) => {
    const origin = { seenAtMs, provenance: 'stream' as const };
    await window.put(headAt(series, index), {
      ...origin,
      ...(fence === undefined ? {} : { fence }),
    });
  };
  const headFrom = async () => (await sightOf(window, { series })).head?.fromMs;

  beforeEach(async () => {
    window = subject().open();
    series = { market: freshMarket(), timeframe: Timeframe.parse('1m') };
    await subject().moveTo(nowMs);
  });

  it('takes equal and larger tokens, and refuses a smaller one, whatever it brings', async () => {
    for (const [index, token] of [7, 7, 9].entries()) await see(index, token);
    const before = await sightOf(window, { series });
    for (const late of [headAt(series, 5), page(series, 0, 5)]) {
      const putting = window.put(late, { ...saved(9), seenAtMs: nowMs, fence: 8 });
      await expect(putting).rejects.toThrow(Deposed);
      await expect(putting).rejects.toThrow('another process has taken over');
      const error = { code: 'DEPOSED', retryable: false, seenToken: 9 };
      await expect(putting).rejects.toMatchObject(error);
    }
    expect(await sightOf(window, { series })).toEqual(before);
    expect(before.head?.fromMs).toBe(minute(2));
  });

  it('tells the larger token of a refusal, and of nothing else', async () => {
    await see(1, 1_756_684_800_123);
    const refusal: unknown = await see(2, 1_756_684_800_122).catch((error: unknown) => error);
    expect(findNewerToken(refusal)).toBe(1_756_684_800_123);
    expect(findNewerToken(new Error('DEPOSED'))).toBeUndefined();
  });

  it('never refuses a writer without a token, and keeps the fence for others', async () => {
    await see(1, 5);
    await see(2);
    await window.put(page(series, 0, 2), saved());
    await window.fill({ series, covered: page(series, 0, 1).covered, rows: [] }, saved().revision);
    expect(await headFrom()).toBe(minute(2));
    await expect(see(3, 4)).rejects.toThrow(Deposed);
  });

  it('remembers a larger token though what came with it was too old to be taken', async () => {
    await see(3, 1);
    await see(2, 2, nowMs - 1);
    expect(await headFrom()).toBe(minute(3));
    await expect(see(4, 1)).rejects.toThrow(Deposed);
  });

  it('keeps a fence for each series', async () => {
    await see(1, 5);
    series = { market: freshMarket(), timeframe: Timeframe.parse('1m') };
    await see(1, 4);
    expect(await headFrom()).toBe(minute(1));
  });

  it.each([0, -1, 1.5, NaN, Infinity])('refuses %p as a token', async (token) => {
    await expect(see(1, token)).rejects.toThrow(InvalidValue);
    expect(await headFrom()).toBeUndefined();
  });

  it('shows at any time the last head of those who were not succeeded', async () => {
    const puts = fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 15 });
    await fc.assert(
      fc.asyncProperty(puts, async (tokens) => {
        series = { market: freshMarket(), timeframe: Timeframe.parse('1m') };
        let [fence, expected]: [number, number | undefined] = [0, undefined];
        for (const [index, token] of tokens.entries()) {
          await see(index, token).catch((error: unknown) => {
            if (!(error instanceof Deposed)) throw error;
            expect(token).toBeLessThan(fence);
          });
          if (token >= fence) [fence, expected] = [token, minute(index)];
          expect(await headFrom()).toBe(expected);
        }
      }),
      { numRuns: 25 },
    );
  });
}
