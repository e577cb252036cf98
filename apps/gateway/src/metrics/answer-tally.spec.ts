import { ManualClock } from '@candlekeep/clock';
import { Metrics } from '@candlekeep/telemetry';
import { AnswerTally } from './answer-tally';

describe('what is counted of answers', () => {
  let metrics: Metrics;
  let tally: AnswerTally;
  beforeEach(() => {
    metrics = new Metrics('gateway', new ManualClock());
    tally = new AnswerTally(metrics);
  });
  const told = async (): Promise<string> => (await metrics.expose(undefined)).text;
  const answer = { source: 'l1', ageMs: 300, staleMs: 0 } as const;

  it('is told of every tier before anybody has asked', async () => {
    const text = await told();
    for (const source of ['l0', 'l1', 'l2', 'fold', 'exchange'])
      expect(text).toContain(`candlekeep_answers_total{source="${source}"} 0\n`);
  });

  it('is the tier, and the age in seconds', async () => {
    tally.answered(answer);
    const text = await told();
    expect(text).toContain('candlekeep_answers_total{source="l1"} 1\n');
    expect(text).toContain('candlekeep_answer_age_seconds_bucket{le="0.2",source="l1"} 0\n');
    expect(text).toContain('candlekeep_answer_age_seconds_bucket{le="0.5",source="l1"} 1\n');
    expect(text).toContain('candlekeep_answer_age_seconds_sum{source="l1"} 0.3\n');
  });

  it('is no age below nothing, though a clock was set back', async () => {
    tally.answered({ ...answer, ageMs: -5_000 });
    expect(await told()).toContain('candlekeep_answer_age_seconds_sum{source="l1"} 0\n');
  });

  it.each([
    [undefined, 1],
    [0, 1],
    [200, 1],
    [201, 2],
    [1_000, 5],
  ])('is, for %s candles, the %s calls that the caller would have made', (candles, calls) => {
    tally.answered(answer, candles);
    expect(tally.spared.value).toBe(calls);
  });

  it('is stale only if it is older than was asked for', async () => {
    tally.answered({ ...answer, ageMs: 60_000 });
    expect(await told()).toContain('candlekeep_stale_answers_total 0\n');
    tally.answered({ ...answer, ageMs: 60_000, staleMs: 1 });
    expect(await told()).toContain('candlekeep_stale_answers_total 1\n');
  });

  it('is a refusal apart from answers', () => {
    tally.refused();
    expect(tally.refusals.value).toBe(1);
    expect(tally.spared.value).toBe(0);
  });
});
