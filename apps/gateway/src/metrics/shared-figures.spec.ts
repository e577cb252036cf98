import { ManualClock } from '@candlekeep/clock';
import type { EgressBudget, GroupBudget } from '@candlekeep/rate-limiter';
import { Metrics } from '@candlekeep/telemetry';
import { tellShared } from './shared-figures';

describe('what all processes share', () => {
  const candles: GroupBudget = {
    ...{ group: 'candles', limit: 10, allowed: 8, inFlight: 3, resting: 2, held: 0, foreign: 0 },
    usedInSecond: 7,
    perMinute: { limit: 600, used: 120 },
    perHour: { limit: 6_000, used: 900 },
    waiting: [1, 0, 4],
    breaker: { state: 'closed' },
  };
  const egress: EgressBudget = {
    ...{ egressId: 'seoul-1', nowMs: 0, bans: 0 },
    circuit: { state: 'closed' },
    groups: [candles],
  };
  const nothing = { runs: 0, pages: 0, calls: 0, rows: 0, differences: 0, failures: 0 };
  const told = async (...egresses: readonly EgressBudget[]): Promise<string[]> => {
    const metrics = new Metrics('gateway', new ManualClock());
    tellShared(metrics, {
      budgets: { read: () => Promise.resolve(egresses) },
      totals: { read: () => Promise.resolve({ ...nothing, differences: 3 }) },
      depths: {
        read: () =>
          Promise.resolve([{ name: 'folds', waiting: 2, active: 1, delayed: 0, failed: 5 }]),
      },
    });
    const { text } = await metrics.expose(undefined);
    return text.split('\n').filter((line) => line.startsWith('candlekeep'));
  };
  const labels = 'egress="seoul-1",group="candles"';

  it('is the budget of each egress and group', async () => {
    expect(await told(egress)).toEqual(
      expect.arrayContaining([
        `candlekeep_exchange_calls_allowed_per_second{${labels}} 8`,
        `candlekeep_exchange_calls_in_last_second{${labels}} 7`,
        `candlekeep_exchange_calls_in_last_hour{${labels}} 900`,
        `candlekeep_exchange_calls_allowed_per_hour{${labels}} 6000`,
        `candlekeep_exchange_calls_waiting{${labels},lane="chart"} 4`,
        `candlekeep_exchange_calls_waiting{${labels},lane="backfill"} 0`,
        `candlekeep_exchange_stopped{${labels},reason="none"} 0`,
        'candlekeep_exchange_stopped{egress="seoul-1",group="*",reason="none"} 0',
      ]),
    );
  });

  it('is read in one look at the budgets for all that comes out of them, anew each time', async () => {
    const metrics = new Metrics('gateway', new ManualClock());
    let looks = 0;
    const read = () => {
      looks += 1;
      return looks === 2 ? Promise.reject(new Error('away')) : Promise.resolve([egress]);
    };
    const rest = { totals: { read: () => Promise.resolve(nothing) } };
    tellShared(metrics, {
      ...rest,
      budgets: { read },
      depths: { read: () => Promise.resolve([]) },
    });
    const line = `candlekeep_exchange_calls_in_last_second{${labels}} 7\n`;
    expect((await metrics.expose(undefined)).text).toContain(line);
    const { text } = await metrics.expose(undefined);
    expect(
      text.match(/^candlekeep_unread_metrics_total\{metric="candlekeep_exchange/gm),
    ).toHaveLength(6);
    expect((await metrics.expose(undefined)).text).toContain(line);
    expect(looks).toBe(3);
  });

  it('is no cap where there is none', async () => {
    const uncapped = { ...candles, perHour: { limit: 0, used: 900 } };
    const lines = await told({ ...egress, groups: [uncapped] });
    expect(lines.filter((line) => line.includes('allowed_per_hour'))).toEqual([]);
  });

  it('is a stop while no call passes, and none while the next one may find out', async () => {
    const of = (state: 'open' | 'half-open') =>
      told({
        ...egress,
        circuit: { state, reason: 'blocked', untilMs: 1 },
        groups: [{ ...candles, breaker: { state, reason: 'memory-lost', untilMs: 1 } }],
      });
    const lines = (stopped: number) => [
      `candlekeep_exchange_stopped{egress="seoul-1",group="*",reason="blocked"} ${stopped}`,
      `candlekeep_exchange_stopped{${labels},reason="memory-lost"} ${stopped}`,
    ];
    expect(await of('open')).toEqual(expect.arrayContaining(lines(1)));
    expect(await of('half-open')).toEqual(expect.arrayContaining(lines(0)));
  });

  it('is the jobs of each queue by state, and the rows that were repaired', async () => {
    expect(await told(egress)).toEqual(
      expect.arrayContaining([
        'candlekeep_queue_jobs{queue="folds",state="waiting"} 2',
        'candlekeep_queue_jobs{queue="folds",state="failed"} 5',
        'candlekeep_reconciliation_repaired_rows_total 3',
      ]),
    );
  });
});
