import type { EgressBudget, GroupBudget } from '@candlekeep/rate-limiter';
import { budgetBody } from './budget-body';

const untilMs = Date.UTC(2026, 0, 1, 0, 1);

describe('the exchange budget as people read it', () => {
  const allSlots: GroupBudget = {
    ...{ group: 'candles', limit: 10, allowed: 8, inFlight: 3, resting: 2, held: 0, foreign: 0 },
    usedInSecond: 7,
    perMinute: { limit: 600, used: 120 },
    perHour: { limit: 0, used: 0 },
    waiting: [1, 0, 4],
    breaker: { state: 'closed' },
  };
  const budget: EgressBudget = {
    egressId: 'seoul-1',
    nowMs: untilMs - 60_000,
    circuit: { state: 'open', reason: 'blocked', untilMs },
    bans: 1,
    groups: [{ ...allSlots, reduced: { reason: 'rate-limited', untilMs } }],
  };

  it('names lanes by their words and instants by their date', () => {
    const [egress] = budgetBody([budget]).egresses;
    expect(egress).toMatchObject({
      ...{ egress: 'seoul-1', now: '2026-01-01T00:00:00.000Z', bans: 1 },
      circuit: { state: 'open', reason: 'blocked', until: '2026-01-01T00:01:00.000Z' },
    });
    const [group] = egress?.groups ?? [];
    expect(group?.waiting).toEqual({
      ...{ bot: 1, monitor: 0, chart: 4, backtest: 0 },
      ...{ refresh: 0, preload: 0, reconcile: 0, backfill: 0 },
    });
    expect(group).toMatchObject({
      ...{ group: 'candles', allowed: 8, held: 0, breaker: { state: 'closed' } },
      reduced: { reason: 'rate-limited', until: '2026-01-01T00:01:00.000Z' },
    });
    expect(JSON.stringify(egress)).not.toContain('untilMs');
  });

  it('says of a group that has all its slots nothing of fewer ones', () => {
    const [egress] = budgetBody([{ ...budget, groups: [allSlots] }]).egresses;
    expect(egress?.groups[0]).not.toHaveProperty('reduced');
  });
});
