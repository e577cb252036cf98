import type { StoredCandles } from '@candlekeep/candle-cache';
import { CandleStoreUnavailable } from '@candlekeep/candle-store';
import { ManualClock } from '@candlekeep/clock';
import { parseMarketCode, type Series } from '@candlekeep/market';
import { steadyDemand } from '@candlekeep/rate-limiter';
import { FetchRig, type RigOptions } from '../../../test/support/fetch-rig';
import { LogRecorder } from '../../../test/support/log-recorder';
import { MemoryCandleStore } from '../../../test/support/memory-candle-store';
import { MemoryCandleWindow } from '../../../test/support/memory-candle-window';

class AbsentStore extends MemoryCandleStore {
  override openRevision(): Promise<number> {
    return Promise.reject(new CandleStoreUnavailable('Postgres is away'));
  }

  override read(): Promise<StoredCandles> {
    return Promise.reject(new CandleStoreUnavailable('Postgres is away'));
  }
}

class LeavingStore extends MemoryCandleStore {
  isAway = false;

  override async openRevision(series: Series): Promise<number> {
    if (this.isAway) throw new CandleStoreUnavailable('Postgres is away');
    return await super.openRevision(series);
  }
}

const NEW = '7.00000000';

describe('PageFetcher', () => {
  const { signal } = new AbortController();
  const terms = { signal, demand: steadyDemand(0) };
  const rigOn = (
    options: RigOptions & { readonly store?: MemoryCandleStore; readonly clock?: ManualClock } = {},
  ): FetchRig => {
    const { clock = new ManualClock(), store = new MemoryCandleStore(clock), ...others } = options;
    const window = new MemoryCandleWindow(clock);
    const tiers = { store, window, clock, pass: () => clock.advance(10) };
    return new FetchRig(tiers, parseMarketCode('KRW-BTC'), others);
  };
  const headOf = async (rig: FetchRig) => {
    const query = { series: rig.series('1m'), beforeMs: Infinity, limit: 0 };
    return (await rig.tiers.window.read([query]))[0]?.head;
  };

  it('sees the newest rows once for all who accept their age', async () => {
    const rig = rigOn();
    const wanted = rig.head();
    expect(await rig.pages.fetch(wanted, terms)).toMatchObject({ kind: 'read', calls: 1 });
    await rig.tiers.pass();
    expect(await rig.pages.fetch(wanted, terms)).toEqual({ kind: 'known', calls: 0 });
    expect(await rig.pages.fetch(rig.head(), terms)).toMatchObject({ kind: 'read' });
    expect(await headOf(rig)).toMatchObject({ provenance: 'native' });
  });

  it('leaves the same state, wherever a refresh with a correction was killed and run again', async () => {
    const prepare = async (): Promise<FetchRig> => {
      const rig = rigOn();
      await rig.run(rig.head());
      await rig.tiers.pass();
      rig.exchange.rewrite(rig.at(2 * 1_440 - 30), NEW);
      rig.steps.restart();
      return rig;
    };
    const calm = await prepare();
    await calm.run(calm.head());
    const expected = await calm.stored('1m');
    expect(expected.rows.filter(({ volume }) => volume === NEW)).toHaveLength(1);
    for (let crash = 0; crash < 2 * calm.steps.story.length; crash += 1) {
      const rig = await prepare();
      rig.steps.dieAt(Math.floor(crash / 2), crash % 2 === 1);
      const job = rig.head();
      await expect(rig.run(job)).rejects.toThrow('died');
      rig.steps.restart();
      await rig.run(job);
      expect(await rig.stored('1m')).toEqual(expected);
      expect(await rig.contradictions('1m')).toEqual([]);
    }
  });

  it('tells what a known page should have told, when the first run died before it did', async () => {
    const rig = rigOn();
    await rig.run(rig.page(600));
    await rig.tiers.pass();
    rig.exchange.rewrite(rig.at(550), NEW);
    rig.steps.after('L2 save', () => Promise.reject(new Error('died')));
    await expect(rig.run(rig.page(700))).rejects.toThrow('died');
    expect(await rig.contradictions('1m')).toHaveLength(2);
    const { calls } = rig.exchange;
    await rig.run(rig.page(700));
    expect(rig.exchange.calls).toBe(calls);
    expect(await rig.contradictions('1m')).toEqual([]);
  });

  it('tells longer series of a corrected head as well when its first run could not', async () => {
    const rig = rigOn();
    const minute = 2 * 1_440 - 30;
    await rig.run(rig.head());
    await rig.run(rig.fold(minute + 10));
    await rig.tiers.pass();
    rig.exchange.rewrite(rig.at(minute), NEW);
    const job = rig.head();
    rig.steps.after('L2 save native', () => Promise.reject(new Error('died')));
    await expect(rig.run(job)).rejects.toThrow('died');
    expect((await rig.held('5m')).covered).not.toEqual([]);
    await rig.run(job);
    expect(await rig.contradictions('5m')).toEqual([]);
    const covered = (await rig.held('5m')).covered;
    expect(covered.some(({ from, until }) => from <= minute && minute < until)).toBe(false);
  });

  it('goes on after the clock of the cache server was set back', async () => {
    const clock = new ManualClock(Date.UTC(2026, 0, 1, 12, 0, 30));
    let backMs = 0;
    const window = new MemoryCandleWindow({ nowMs: () => clock.nowMs() - backMs });
    const tiers = { store: new MemoryCandleStore(clock), window, clock };
    const pass = () => clock.advance(10);
    const rig = new FetchRig({ ...tiers, pass }, parseMarketCode('KRW-BTC'));
    await rig.run(rig.head());
    await clock.advance(60_000);
    backMs = 600_000;
    const minute = 2 * 1_440 + 11 * 60 + 40;
    rig.exchange.rewrite(rig.at(minute), NEW);
    await rig.run(rig.head());
    const { rows } = await rig.stored('1m');
    expect(rows.find((row) => row.minute === minute)).toMatchObject({ volume: NEW });
  });

  it('reads a known page all the same when it is asked to, and says what differed in one line', async () => {
    const log = new LogRecorder();
    const rig = rigOn({ log });
    const page = { series: rig.series('5m'), untilMs: rig.at(1_000), evenIfKnown: true };
    await rig.run(rig.page(600));
    await rig.run(rig.fold(1_000));
    const first = await rig.pages.readPage(page, terms);
    expect(first).toMatchObject({ kind: 'read', inserted: 160 });
    rig.exchange.rewrite(rig.at(550), NEW, page.series.timeframe);
    await rig.tiers.pass();
    expect(await rig.pages.readPage(page, terms)).toMatchObject({
      ...{ kind: 'read', inserted: 0 },
      corrections: [{ openMs: rig.at(550), was: 'native' }],
    });
    expect(await rig.pages.readPage({ ...page, evenIfKnown: false }, terms)).toEqual({
      ...{ kind: 'known', calls: 0 },
    });
    expect(log.lines.map(({ level, fields }) => ({ level, ...fields }))).toEqual([
      {
        ...{ level: 'warn', series: 'KRW-BTC:5m', corrections: 40 },
        ...{ firstOpen: '2025-12-30T06:40:00', was: { native: 0, fold: 40, stream: 0, empty: 0 } },
      },
      {
        ...{ level: 'warn', series: 'KRW-BTC:5m', corrections: 1 },
        ...{ firstOpen: '2025-12-30T09:10:00', was: { native: 1, fold: 0, stream: 0, empty: 0 } },
      },
    ]);
  });

  it('keeps the newest rows as a sight and nothing as final while L2 is away', async () => {
    const rig = rigOn({ store: new AbsentStore() });
    expect(await rig.pages.fetch(rig.head(), terms)).toMatchObject({ kind: 'read', rows: [] });
    expect((await headOf(rig))?.rows.length).toBeGreaterThan(0);
    expect((await rig.held('1m')).covered).toEqual([]);
  });

  it('says once that L2 is away and once that it is back, and how many heads went without it', async () => {
    const log = new LogRecorder();
    const store = new LeavingStore(new ManualClock());
    const rig = rigOn({ store, log });
    for (const isAway of [false, true, true, true, false, false]) {
      store.isAway = isAway;
      await rig.tiers.pass();
      await rig.run(rig.head());
    }
    expect(log.lines).toMatchObject([
      { level: 'error', message: 'L2 is away: until it is back, only newest rows are kept, in L1' },
      { level: 'info', message: 'L2 is back', fields: { headsKeptInL1Alone: 3 } },
    ]);
  });

  it('asks for no page of the past while L2 is away', async () => {
    const rig = rigOn({ store: new AbsentStore() });
    await expect(rig.run(rig.page(600))).rejects.toBeInstanceOf(CandleStoreUnavailable);
    expect(rig.exchange.calls).toBe(0);
  });

  it('does not believe an empty market while L2 is away', async () => {
    const clock = new ManualClock();
    const exchange = rigOn({ clock }).exchange.emptied();
    const rig = rigOn({ store: new AbsentStore(), clock, exchange });
    await expect(rig.run(rig.head())).rejects.toBeInstanceOf(CandleStoreUnavailable);
    expect(await headOf(rig)).toBeUndefined();
  });
});
