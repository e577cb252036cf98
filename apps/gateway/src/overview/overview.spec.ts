import { ManualClock } from '@candlekeep/clock';
import { Metrics } from '@candlekeep/telemetry';
import { AnswerTally } from '../metrics/answer-tally';
import { overviewOf, dayFieldsOf } from './overview';

/** A day as it is read, of these sums. */
function dayOf(sums: Readonly<Record<string, number>>) {
  return {
    day: '2026-01-01',
    count: (field: string) => sums[field] ?? 0,
    startingWith: (prefix: string) =>
      Object.fromEntries(
        Object.entries(sums)
          .filter(([field]) => field.startsWith(prefix))
          .map(([field, sum]) => [field.slice(prefix.length), sum]),
      ),
  };
}

describe('the overview of a day', () => {
  it('is all zeros on a day that nobody has counted on', () => {
    expect(overviewOf(dayOf({}))).toEqual({
      answers: { total: 0, bySource: { l0: 0, l1: 0, l2: 0, fold: 0, exchange: 0 }, refused: 0 },
      exchangeCalls: { total: 0, byLane: {}, byOutcome: {} },
      calls: { eachForItself: 0, made: 0, saved: 0 },
    });
  });

  it('adds up the answers of the tiers, and refusals apart', () => {
    const { answers } = overviewOf(dayOf({ 'answers:l0': 5, 'answers:exchange': 2, refused: 1 }));
    expect(answers).toMatchObject({
      total: 7,
      bySource: { l0: 5, l1: 0, exchange: 2 },
      refused: 1,
    });
  });

  it('takes the calls that were made from those that each caller would have made, also when more were made', () => {
    const made = { 'calls:lane:bot': 3, 'calls:lane:backfill': 40, 'calls:outcome:answered': 43 };
    expect(overviewOf(dayOf({ ...made, 'calls-each-for-itself': 50 }))).toMatchObject({
      exchangeCalls: { total: 43, byLane: { bot: 3, backfill: 40 }, byOutcome: { answered: 43 } },
      calls: { eachForItself: 50, made: 43, saved: 7 },
    });
    expect(overviewOf(dayOf(made)).calls.saved).toBe(-43);
  });

  it('reads what gateways write, field by field', () => {
    const tally = new AnswerTally(new Metrics('gateway', new ManualClock()));
    for (const source of ['l0', 'l1', 'l2', 'fold', 'exchange'] as const)
      tally.answered({ source, ageMs: 0, staleMs: 0 }, 400);
    tally.refused();
    const sums = Object.fromEntries(
      dayFieldsOf(tally).map(([field, { value }]) => [field, value] as const),
    );
    expect(overviewOf(dayOf(sums))).toMatchObject({
      answers: { total: 5, bySource: { l0: 1, l1: 1, l2: 1, fold: 1, exchange: 1 }, refused: 1 },
      calls: { eachForItself: 10 },
    });
  });
});
