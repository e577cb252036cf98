import { CandlekeepError, parseMarketCode } from '@candlekeep/market';
import { parseStrategy, type StoredStrategy } from '@candlekeep/strategies';
import { LogRecorder } from '../../../../test/support/log-recorder';
import type { WarmDepth } from '../warm/warmer';
import { PreloadBudgetSpent } from '../warm/preload-errors';
import type { PreloadRun, RunState } from './preload-run';
import type { RunStep } from './run-book';
import { RunRunner } from './run-runner';

class MarketUnlisted extends CandlekeepError {
  readonly code = 'MARKET_UNLISTED';
  readonly retryable = false;
}

const RUN_ID = 'run-1';
const market = parseMarketCode('KRW-BTC');
/** 155 + 50 candles of a day in two pages, 20 + 50 of a quarter hour in one. */
const DOCUMENT = {
  strategyId: 'one',
  market,
  timeframe: '15m',
  entry: {
    type: 'dip',
    priority: 1,
    enabled: true,
    conditions: [
      { variable: 'ATR', params: { period: 20, timeframe: '1d' }, operator: '>', value: 1 },
      { variable: 'SMA', params: { period: 20 }, operator: '>', value: 1 },
    ],
  },
  management: [],
};

/** A book of one run, and a warmer that brings each page at once. */
function openRig({ isActive = true, failing }: { isActive?: boolean; failing?: Error } = {}) {
  let run: PreloadRun = {
    ...{ id: RUN_ID, strategyId: 'one', state: 'running', total: 0, done: 0, calls: 0 },
    ...{ createdAtMs: 0, updatedAtMs: 0 },
  };
  const change = (more: Partial<PreloadRun>): PreloadRun => (run = { ...run, ...more });
  const book = {
    find: () => Promise.resolve(run),
    advance: (_id: string, { total, done, calls }: RunStep) =>
      Promise.resolve(
        run.state === 'running' ? change({ total, done, calls: run.calls + calls }) : undefined,
      ),
    holdUp: (_id: string, reason: string) => {
      change({ reason });
      return Promise.resolve();
    },
    end: (_id: string, state: RunState, reason = '') => {
      if (run.state === 'running') change({ state, reason });
      return Promise.resolve();
    },
  };
  const stored: StoredStrategy = {
    ...{ strategy: parseStrategy(DOCUMENT), document: DOCUMENT, isActive, revision: 1 },
    ...{ createdAtMs: 0, updatedAtMs: 0 },
  };
  const pages: string[] = [];
  const log = new LogRecorder();
  const onPage: { act: () => void } = { act: () => undefined };
  const warmer = {
    async *warmDepth({ series, candles }: WarmDepth, signal: AbortSignal) {
      for (let left = candles; left > 0 && !signal.aborted; left -= 200) {
        await Promise.resolve();
        if (failing !== undefined) throw failing;
        pages.push(series.timeframe.code);
        onPage.act();
        yield { calls: 1, rows: Math.min(left, 200) };
      }
    },
  };
  const runner = new RunRunner({
    ...{ book, warmer, log },
    strategies: { find: () => Promise.resolve(stored) },
  });
  const progress: string[] = [];
  const start = async (signal = new AbortController().signal): Promise<void> => {
    await runner.run(RUN_ID, signal, (done, total) => {
      progress.push(`${done}/${total}`);
      return Promise.resolve();
    });
  };
  return { start, pages, progress, change, onPage, log, run: () => run };
}

describe('a preload run', () => {
  it('brings every page of what its strategy needs, says how far it is, and ends', async () => {
    const { start, pages, progress, run } = openRig();
    await start();
    expect(pages.toSorted()).toEqual(['15m', '1d', '1d']);
    expect(progress).toEqual(['0/3', '1/3', '2/3', '3/3']);
    expect(run()).toMatchObject({ state: 'done', total: 3, done: 3, calls: 3 });
  });

  it('stops within a page when its strategy is deleted', async () => {
    const { start, pages, onPage, change, run } = openRig();
    onPage.act = () => change({ state: 'cancelled' });
    await start();
    expect(pages.length).toBeLessThanOrEqual(2);
    expect(run().state).toBe('cancelled');
  });

  it('does not begin for a strategy that is not active', async () => {
    const { start, pages, run } = openRig({ isActive: false });
    await start();
    expect(pages).toEqual([]);
    expect(run().state).toBe('cancelled');
  });

  it('goes on later when the budget is spent, and says what it waits for', async () => {
    const { start, run } = openRig({ failing: new PreloadBudgetSpent() });
    await start();
    expect(run().state).toBe('running');
    expect(run().reason).toContain('for now');
  });

  it('fails for what will never be brought, such as a market that is not listed, and says why', async () => {
    const { start, run, log } = openRig({ failing: new MarketUnlisted('KRW-NONE is not listed') });
    await start();
    expect(run()).toMatchObject({ state: 'failed', reason: 'KRW-NONE is not listed' });
    expect(log.lines).toMatchObject([
      { level: 'warn', fields: { strategyId: run().strategyId, reason: 'KRW-NONE is not listed' } },
    ]);
  });

  it('is left running by a worker that stops', async () => {
    const { start, onPage, run } = openRig();
    const stop = new AbortController();
    onPage.act = () => {
      stop.abort(new Error('the worker stops'));
    };
    await expect(start(stop.signal)).rejects.toThrow('the worker stops');
    expect(run().state).toBe('running');
  });
});
