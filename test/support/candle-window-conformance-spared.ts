import { type CandleWindow, LONGEST_WISH_MS, type WindowWish } from '@candlekeep/candle-cache';
import { type Series, seriesName, Timeframe } from '@candlekeep/market';
import fc from 'fast-check';
import { minute, page, saved, sightOf, type WindowSubject } from './candle-window-subject';
import { freshMarket } from './redis';

const HOUR_MS = 3_600_000;
const ROWS = 60;

/** Which windows every form of L1 drops when some are wanted. */
export function describeWindowsSpared(subject: () => WindowSubject): void {
  let nowMs = minute(2_000);
  const fresh = (): Series => ({ market: freshMarket(), timeframe: Timeframe.parse('1m') });
  const pass = async (ms = 1) => {
    nowMs += ms;
    await subject().moveTo(nowMs);
  };
  const write = async (window: CandleWindow, ...all: readonly Series[]) => {
    for (const series of all) {
      await pass();
      await window.put(page(series, 0, ROWS), saved());
    }
  };
  const prefer = (window: CandleWindow, wanted: readonly Series[], forMs = HOUR_MS) =>
    window.prefer(wanted.map((series) => ({ series, rows: 200, untilMs: nowMs + forMs })));
  const names = async (window: CandleWindow) =>
    (await window.list()).map(({ series }) => seriesName(series));
  /** A window that has room for so many of equal size. */
  const roomFor = async (count: number) => {
    await subject().clear();
    const window = subject().open();
    await write(window, fresh());
    await prefer(window, [fresh()]);
    const [{ bytes } = { bytes: 0 }] = await window.list();
    await subject().clear();
    // A window that was told what to keep takes some bytes more.
    return subject().open({ maxBytes: bytes * (count + 0.5) });
  };
  const five = (): [Series, Series, Series, Series, Series] => {
    return [fresh(), fresh(), fresh(), fresh(), fresh()];
  };

  beforeEach(async () => {
    await pass();
  });

  it('drops those first that nobody wants, however long the others were not used', async () => {
    const window = await roomFor(3);
    const [a, b, c, d, e] = five();
    await write(window, a, b, c);
    await prefer(window, [a, b]);
    await write(window, d);
    expect(await names(window)).toEqual([a, b, d].map(seriesName));
    await write(window, e);
    expect(await names(window)).toEqual([a, b, e].map(seriesName));
  });

  it('finds the few that nobody wants among many that are wanted', async () => {
    const window = await roomFor(40);
    const [old, young] = [Array.from({ length: 40 }, fresh), Array.from({ length: 5 }, fresh)];
    await write(window, ...old);
    const unwanted = [8, 23, 24];
    const wanted = old.filter((_one, index) => !unwanted.includes(index));
    await prefer(window, wanted);
    await write(window, ...young);
    expect(await names(window)).toEqual([...wanted, ...young.slice(2)].map(seriesName));
  });

  it('drops the least recently used of the wanted ones when nothing else is left', async () => {
    const window = await roomFor(3);
    const [a, b, c, d, e] = five();
    await write(window, a, b, c);
    await prefer(window, [a, b, c, d, e]);
    await pass();
    await sightOf(window, { series: a });
    await write(window, d);
    expect(await names(window)).toEqual([c, a, d].map(seriesName));
    await write(window, e);
    expect(await names(window)).toEqual([a, d, e].map(seriesName));
  });

  it('drops a wanted one rather than the one that was written just now', async () => {
    const window = await roomFor(3);
    const [a, b, c, d, e] = five();
    await write(window, a, b, c);
    await prefer(window, [a, b, c]);
    await write(window, d);
    expect(await names(window)).toEqual([b, c, d].map(seriesName));
    await write(window, e);
    expect(await names(window)).toEqual([b, c, e].map(seriesName));
  });

  it.each([
    ['has ended', () => pass(HOUR_MS)],
    ['is taken back', (window: CandleWindow) => window.prefer([])],
  ])('goes by the last use alone again when the wish %s', async (_what, end) => {
    const window = await roomFor(3);
    const [a, b, c, d, e] = five();
    await write(window, a, b, c);
    await prefer(window, [a, b]);
    await write(window, d);
    expect(await names(window)).toEqual([a, b, d].map(seriesName));
    await end(window);
    await write(window, e);
    expect(await names(window)).toEqual([b, d, e].map(seriesName));
  });

  it('lets each wish end by itself', async () => {
    const window = await roomFor(3);
    const [a, b, c, d, e] = five();
    await write(window, a, b, c);
    const wish = { rows: 200, untilMs: nowMs + HOUR_MS };
    await window.prefer([
      { ...wish, series: a },
      { ...wish, series: b, untilMs: wish.untilMs + HOUR_MS },
    ]);
    await write(window, d);
    await pass(HOUR_MS);
    await write(window, e);
    expect(await names(window)).toEqual([b, d, e].map(seriesName));
  });

  it('takes a wish for none whose end a clock that was set back has put out of reach', async () => {
    const keptAfter = async (backMs: number) => {
      const window = await roomFor(2);
      const all = five().slice(0, 3);
      await prefer(window, all.slice(0, 1), LONGEST_WISH_MS * 2);
      await pass(-backMs);
      await write(window, ...all);
      const kept = await names(window);
      await pass(backMs);
      return kept.map((name) => all.map(seriesName).indexOf(name));
    };
    expect(await keptAfter(0)).toEqual([0, 2]);
    expect(await keptAfter(HOUR_MS)).toEqual([1, 2]);
  });

  it('drops in this order whatever is written, read, wished and waited for', async () => {
    const window = await roomFor(4);
    const step = fc.record({
      way: fc.constantFrom('write' as const, 'write' as const, 'look' as const, 'wish' as const),
      series: fc.nat(8),
      wanted: fc.subarray([0, 1, 2, 3, 4, 5, 6, 7, 8]),
      spread: fc.integer({ min: 1, max: 12 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const all = Array.from({ length: 9 }, fresh);
        await window.prefer([]);
        const expected = new ExpectedWindows(await names(window));
        for (const { way, series: index, wanted, spread } of steps) {
          const series = all[index] ?? fresh();
          if (way === 'wish') {
            expected.wishes = wanted.map((wish) => ({
              series: all[wish] ?? fresh(),
              rows: 200,
              untilMs: nowMs + 1 + ((wish * spread) % 13),
            }));
            await window.prefer(expected.wishes);
            continue;
          }
          if (way === 'write') await write(window, series);
          else await pass();
          if (way === 'look') await sightOf(window, { series });
          expected.use(seriesName(series), way === 'write', nowMs);
          expect(await names(window)).toEqual(expected.names);
        }
      }),
      { numRuns: 40 },
    );
  });
}

/** Which of many windows of one size are left where there is room for four. */
class ExpectedWindows {
  wishes: readonly WindowWish[] = [];

  /** @param names the least recently used first */
  constructor(public names: readonly string[]) {}

  use(name: string, isWritten: boolean, nowMs: number): void {
    const others = this.names.filter((one) => one !== name);
    const isHere = isWritten || others.length < this.names.length;
    const wanted = this.wishes
      .filter(({ untilMs }) => untilMs > nowMs)
      .map(({ series }) => seriesName(series));
    const unwanted = others.filter((one) => !wanted.includes(one));
    const order = [...unwanted, ...others.filter((one) => wanted.includes(one))];
    const surplus = Math.max(0, others.length + (isHere ? 1 : 0) - 4);
    const dropped = order.slice(0, surplus);
    this.names = [...others, ...(isHere ? [name] : [])].filter((one) => !dropped.includes(one));
  }
}
