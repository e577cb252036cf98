import type { PreloadRun } from '@candlekeep/preloader';
import { parseStrategy } from '@candlekeep/strategies';
import { silentLogger } from '@candlekeep/telemetry';
import { MemoryStrategyBook } from '../../../../test/support/memory-strategy-book';
import { demoStrategy as demo } from '../../../../test/support/strategy-documents';
import { Strategies } from './strategies';

const flat = { symbol: 'KRW-BTC', timeframe: '1d', RSI_period: 14 };

/** Strategies over a book in memory; `events` is what was done to runs. */
function open(
  options: Partial<
    Record<'afterOpening' | 'afterCancelling', (book: MemoryStrategyBook) => Promise<unknown>>
  > = {},
) {
  const book = new MemoryStrategyBook();
  const events: string[] = [];
  const strategies = new Strategies({
    book,
    runs: {
      open: async (strategyId): Promise<PreloadRun> => {
        events.push(`open ${strategyId}`);
        await options.afterOpening?.(book);
        return {
          ...{ id: `run-${strategyId}`, strategyId, state: 'running', total: 0, done: 0 },
          ...{ calls: 0, createdAtMs: 0, updatedAtMs: 0 },
        };
      },
      cancelOf: async (id) => {
        events.push(`cancel ${id}`);
        await options.afterCancelling?.(book);
      },
    },
    announce: (runId) => {
      events.push(`say ${runId}`);
      return Promise.reject(new Error('the queue is away'));
    },
    directory: { isListed: (market) => Promise.resolve(market !== 'KRW-NONE') },
    log: silentLogger,
  });
  return { strategies, events, book };
}

describe('strategies', () => {
  it('are kept inactive, and bring nothing', async () => {
    const { strategies, events } = open();
    const { isNew, run, stored } = await strategies.put('a', flat, {});
    expect({ isNew, run, isActive: stored.isActive }).toEqual({ isNew: true, isActive: false });
    expect(events).toEqual([]);
  });

  it('are brought at once when they are active, whether or not the workers hear of it', async () => {
    const { strategies, events } = open();
    const { run } = await strategies.put('a', flat, { isActive: true });
    expect(run?.strategyId).toBe('a');
    expect(events).toEqual(['open a', 'say run-a']);
  });

  it('are brought anew when an active one changes', async () => {
    const { strategies, events } = open();
    await strategies.put('a', flat, {});
    await strategies.activate('a');
    events.length = 0;
    expect((await strategies.put('a', { ...flat, RSI_period: 20 }, {})).isNew).toBe(false);
    expect(events).toEqual(['cancel a', 'open a', 'say run-a']);
  });

  it('are no longer brought when they are deactivated or deleted', async () => {
    const { strategies, events } = open();
    await strategies.put('a', flat, {});
    expect((await strategies.deactivate('a')).isActive).toBe(false);
    await strategies.remove('a');
    expect(events).toEqual(['cancel a', 'cancel a']);
  });

  it('that are deleted while they are activated leave no run behind', async () => {
    const { strategies, events, book } = open({ afterOpening: (kept) => kept.remove('a') });
    await strategies.put('a', flat, {});
    await strategies.activate('a');
    expect(events).toEqual(['open a', 'cancel a']);
    expect(await book.list()).toEqual([]);
  });

  it('that are activated while they are deactivated are brought', async () => {
    const { strategies, events } = open({
      afterCancelling: (book) => book.setActive('a', true),
    });
    await strategies.put('a', flat, {});
    await strategies.deactivate('a');
    expect(events).toEqual(['cancel a', 'open a', 'say run-a']);
  });

  it('that are not there are refused', async () => {
    const { strategies } = open();
    const asked = [
      ...[strategies.get('a'), strategies.activate('a'), strategies.deactivate('a')],
      ...[strategies.remove('a'), strategies.needs('a', 0.001)],
    ];
    for (const answer of asked) await expect(answer).rejects.toMatchObject({ status: 404 });
  });

  it('that this version does not take can be switched off and deleted, put anew, and nothing else', async () => {
    const { strategies, events, book } = open();
    book.leaveUnreadable('a', true);
    const message: unknown = expect.stringMatching(/entry.*PUT it anew, or DELETE it/);
    for (const asked of [strategies.get('a'), strategies.activate('a'), strategies.needs('a', 0.1)])
      await expect(asked).rejects.toMatchObject({ status: 409, message });
    expect(events).toEqual([]);
    expect(await strategies.deactivate('a')).toMatchObject({ id: 'a', isActive: false });
    expect(events).toEqual(['cancel a']);
    book.leaveUnreadable('a', true);
    expect((await strategies.put('a', flat, {})).run?.strategyId).toBe('a');
    book.leaveUnreadable('a', true);
    await strategies.remove('a');
    expect(events).toEqual([...['cancel a', 'cancel a', 'open a', 'say run-a'], 'cancel a']);
  });

  it('that become unreadable while they are activated leave no run behind', async () => {
    const { strategies, events } = open({
      afterOpening: (book) => {
        book.leaveUnreadable('a', true);
        return Promise.resolve();
      },
    });
    await strategies.put('a', flat, {});
    await strategies.activate('a');
    expect(events).toEqual(['open a', 'cancel a']);
  });

  it('are refused with every wrong field', async () => {
    const { strategies } = open();
    const wrong = { ...flat, RSI_period: 1, timeframe: '2m' };
    await expect(strategies.put('a', wrong, {})).rejects.toMatchObject({
      status: 400,
      errors: [
        { field: 'RSI_period', expected: 'expected a whole number from 2 to 240; 1 is none' },
        { field: 'timeframe' },
      ],
    });
  });

  it('are refused when a market they look at is not listed, wherever it is named', async () => {
    const { strategies } = open();
    const external = { variable: 'EMA', params: { market: 'KRW-NONE' } };
    const condition = { variable: 'RSI', operator: '<', external };
    const rules = { ...demo, market: 'KRW-ETH', entry: { type: 'any', conditions: [condition] } };
    const refusedAt = async (document: object, ...fields: string[]) => {
      const expected = 'expected a listed market; KRW-NONE is none';
      await expect(strategies.put('demo_7rule_btc', document, {})).rejects.toMatchObject({
        errors: fields.map((field) => ({ field, expected })),
      });
    };
    await refusedAt(rules, 'entry.conditions[0].external.params.market');
    await refusedAt({ ...flat, symbol: 'KRW-NONE' }, 'symbol');
    await refusedAt({ ...demo, market: 'KRW-NONE' }, 'market');
  });

  it('have their needs explained with the accuracy that is asked for', async () => {
    const { strategies } = open();
    await strategies.put('demo_7rule_btc', demo, {});
    const [, , quarter] = await strategies.needs('demo_7rule_btc', 0.01);
    expect(quarter?.candles).toBe(14 + 63 + 50);
    expect((await strategies.get('demo_7rule_btc')).strategy).toEqual(parseStrategy(demo));
  });
});
