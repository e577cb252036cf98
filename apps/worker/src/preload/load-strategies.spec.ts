import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { PreloadRun } from '@candlekeep/preloader';
import { StrategyRefused } from '@candlekeep/strategies';
import { silentLogger } from '@candlekeep/telemetry';
import { MemoryStrategyBook } from '../../../../test/support/memory-strategy-book';
import { loadStrategies, type StrategyFolderParts } from './load-strategies';

const flat = (period: number) => ({ symbol: 'KRW-BTC', timeframe: '1d', RSI_period: period });

/** Runs whose age is told in changes of the book; `events` is what was done to them. */
class RunsInMemory implements Pick<StrategyFolderParts, 'runs'> {
  readonly events: string[] = [];
  private readonly openedAtMs = new Map<string, number>();

  constructor(private readonly nowMs: () => number) {}

  readonly runs: StrategyFolderParts['runs'] = {
    cancelOf: (id, reason) => {
      this.events.push(`cancel ${id}: ${reason}`);
      return Promise.resolve();
    },
    open: (strategyId): Promise<PreloadRun> => {
      this.events.push(`open ${strategyId}`);
      this.openedAtMs.set(strategyId, this.nowMs());
      return Promise.resolve({
        ...{ id: `run-${strategyId}`, strategyId, state: 'running', total: 0, done: 0, calls: 0 },
        ...{ createdAtMs: this.nowMs(), updatedAtMs: this.nowMs() },
      });
    },
    hasRunSince: (id, sinceMs) => Promise.resolve((this.openedAtMs.get(id) ?? -1) >= sinceMs),
  };
}

/** Every look and change takes a ms. */
class DatedBook extends MemoryStrategyBook {
  nowMs = 0;

  override async put(...given: Parameters<MemoryStrategyBook['put']>) {
    const { stored, isNew } = await super.put(...given);
    this.nowMs += 1;
    this.changedAtMs.set(stored.strategy.id, this.nowMs);
    return { stored, isNew };
  }

  override async find(id: string) {
    this.nowMs += 1;
    const found = await super.find(id);
    return found && { ...found, updatedAtMs: this.changedAtMs.get(id) ?? 0 };
  }

  private readonly changedAtMs = new Map<string, number>();
}

describe('the strategies of a folder', () => {
  let folder: string;
  let book: DatedBook;
  let runs: RunsInMemory;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'strategies-'));
    book = new DatedBook();
    runs = new RunsInMemory(() => book.nowMs);
    await write('a', 14);
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });
  const write = (id: string, period: number) =>
    writeFile(path.join(folder, `${id}.json`), JSON.stringify(flat(period)));
  const load = (others: Partial<StrategyFolderParts> = {}) =>
    loadStrategies({ folder, strategies: book, runs: runs.runs, log: silentLogger, ...others });
  const brought = ['cancel a: the strategy has changed', 'open a'];

  it('are activated and brought when they are new, and left alone by the next start', async () => {
    await load();
    await load();
    expect(await book.find('a')).toMatchObject({ isActive: true, document: flat(14) });
    expect(runs.events).toEqual(brought);
  });

  it('that have changed are brought anew: the run of what they were before is ended', async () => {
    await load();
    await write('a', 20);
    await load();
    expect((await book.find('a'))?.document).toEqual(flat(20));
    expect(runs.events).toEqual([...brought, ...brought]);
  });

  it.each(['cancelOf', 'open'] as const)(
    'are brought by the next start when a worker was killed at %s',
    async (at) => {
      const killed = { ...runs.runs, [at]: () => Promise.reject(new Error('killed')) };
      await load();
      await write('a', 20);
      await expect(load({ runs: killed })).rejects.toThrow('killed');
      runs.events.length = 0;
      await load();
      await load();
      expect(runs.events).toEqual(brought);
    },
  );

  it('that somebody deactivated stay so', async () => {
    await load();
    await book.setActive('a', false);
    runs.events.length = 0;
    await load();
    expect(await book.find('a')).toMatchObject({ isActive: false });
    expect(runs.events).toEqual([]);
  });

  it('take the place of a document that this version does not understand', async () => {
    const strategies = {
      find: () => Promise.reject(new StrategyRefused('strategy "a"', [])),
      put: book.put.bind(book),
    };
    await load({ strategies });
    expect(await book.find('a')).toMatchObject({ isActive: true, document: flat(14) });
    expect(runs.events).toEqual(brought);
    const away = { ...strategies, find: () => Promise.reject(new Error('Postgres is away')) };
    await expect(load({ strategies: away })).rejects.toThrow('Postgres is away');
  });

  it('may be none', async () => {
    await load({ folder: undefined });
    expect(await book.list()).toEqual([]);
  });
});
