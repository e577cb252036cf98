import { ManualClock } from '@candlekeep/clock';
import { dailyChange, parseMarketCode } from '@candlekeep/market';
import { FetchRig } from '../../../test/support/fetch-rig';
import { MemoryCandleStore } from '../../../test/support/memory-candle-store';
import { MemoryCandleWindow } from '../../../test/support/memory-candle-window';

const DAY = 1_440;

describe('SeriesFolder', () => {
  const { signal } = new AbortController();
  let rig: FetchRig;

  beforeEach(() => {
    const clock = new ManualClock(Date.UTC(2026, 0, 1, 12));
    const store = new MemoryCandleStore(clock);
    const window = new MemoryCandleWindow(clock);
    const tiers = { store, window, clock, pass: () => clock.advance(10) };
    rig = new FetchRig(tiers, parseMarketCode('KRW-BTC'));
  });

  const readMinutes = async (from: number, until: number): Promise<void> => {
    for (let minute = until; minute > from; minute -= 200) await rig.run(rig.page(minute));
  };
  const days = async () => {
    const query = { beforeMs: rig.at(10 * DAY), limit: 10 };
    return (await rig.tiers.store.read(rig.series('1d'), query)).rows;
  };

  it('folds a day only when the day before has a candle, whose close it measures from', async () => {
    await readMinutes(0, 2 * DAY);
    await rig.run(rig.fold(2 * DAY, '1d'));
    const [second, ...others] = await days();
    expect(others).toEqual([]);
    expect(second?.openMs).toBe(rig.at(DAY));
    expect(second?.daily).toEqual(dailyChange('100.00000000', '100.00000000'));
    // The two days before the first candle are known to be empty; the first day itself is left to the exchange.
    const { covered } = await rig.stored('1d');
    expect(covered.map(({ until }) => until)).toEqual([0, 2 * DAY]);
  });

  it('takes the previous close from the day’s own candle where that is known', async () => {
    await rig.run(rig.page(DAY, '1d'));
    await readMinutes(DAY, 2 * DAY);
    await rig.run(rig.fold(2 * DAY, '1d'));
    expect((await days()).map(({ openMs }) => openMs)).toEqual([rig.at(DAY), rig.at(0)]);
  });

  it('prefers hours to minutes, and both come to the same', async () => {
    await rig.run(rig.page(DAY, '1d'));
    await readMinutes(DAY, 2 * DAY);
    await rig.run(rig.fold(200 * 60, '60m'));
    // Eight pages reach two whole hours into the day before.
    expect((await rig.stored('60m')).rows).toHaveLength(26);
    rig.steps.restart();
    await rig.run(rig.fold(2 * DAY, '1d'));
    expect(rig.steps.story).toContain('L2 stream KRW-BTC:60m');
    expect(rig.steps.story).not.toContain('L2 stream KRW-BTC:1m');
    expect((await days())[0]?.volume).toBe(`${DAY * 61_881}.00000000`);
  });

  it('goes on where an earlier fold stopped, and says when there is nothing left to do', async () => {
    await rig.run(rig.page(600));
    expect(await rig.folder.fold(rig.fold(1_000), signal)).toEqual({ rows: 40, stretches: 1 });
    expect(await rig.folder.fold(rig.fold(1_000), signal)).toEqual({ rows: 0, stretches: 0 });
    await rig.run(rig.page(700));
    await rig.run(rig.page(400));
    expect(await rig.folder.fold(rig.fold(1_000), signal)).toEqual({ rows: 60, stretches: 2 });
  });

  it('stops between portions when it is told to', async () => {
    await readMinutes(0, DAY);
    const stop = new AbortController();
    rig.steps.after('L2 stream', () => {
      stop.abort(new Error('the worker is stopping'));
      return Promise.resolve();
    });
    await expect(rig.folder.fold(rig.fold(1_000), stop.signal)).rejects.toThrow('stopping');
    expect((await rig.stored('5m')).rows).toEqual([]);
  });
});
