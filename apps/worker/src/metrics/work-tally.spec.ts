import { ManualClock } from '@candlekeep/clock';
import { parseMarketCode, Timeframe } from '@candlekeep/market';
import { Metrics } from '@candlekeep/telemetry';
import { WorkTally } from './work-tally';

describe('what is counted of a worker’s work', () => {
  const series = { market: parseMarketCode('KRW-BTC'), timeframe: Timeframe.parse('15m') };
  const stored = {
    ...{ openMs: 0, open: '1', high: '1', low: '1', close: '1' },
    ...{ timestampMs: 0, turnover: '1', volume: '1' },
  };
  let metrics: Metrics;
  let tally: WorkTally;
  beforeEach(() => {
    metrics = new Metrics('worker', new ManualClock());
    tally = new WorkTally(metrics);
  });
  const told = async (): Promise<string> => (await metrics.expose(undefined)).text;

  it('is told as 0 of every queue and end before there is one, so that the first is seen', async () => {
    const text = await told();
    for (const queue of ['candles', 'folds', 'texts', 'preloads', 'history'])
      for (const outcome of ['done', 'dropped', 'retried', 'failed', 'refused', 'handed-back'])
        expect(text).toContain(`candlekeep_jobs_total{queue="${queue}",outcome="${outcome}"} 0\n`);
    for (const was of ['native', 'fold', 'stream', 'empty'])
      expect(text).toContain(`candlekeep_corrected_rows_total{was="${was}"} 0\n`);
  });

  it('is how jobs end, how long they wait and how long they take', async () => {
    tally.waited('folds', 30);
    tally.ran('folds', 1_500);
    tally.ended('folds', 'done');
    const text = await told();
    expect(text).toContain('candlekeep_jobs_total{queue="folds",outcome="done"} 1\n');
    expect(text).toContain('candlekeep_job_wait_seconds_sum{queue="folds"} 0.03\n');
    expect(text).toContain('candlekeep_job_duration_seconds_sum{queue="folds"} 1.5\n');
  });

  it('is the rows that a page brought, and no series for a page that brought none', async () => {
    tally.kept({ series, provenance: 'fold' }, { inserted: 0, corrections: [] });
    expect(await told()).not.toMatch(/^candlekeep_stored_rows_total\{/m);
    tally.kept({ series, provenance: 'native' }, { inserted: 200, corrections: [] });
    expect(await told()).toContain(
      'candlekeep_stored_rows_total{timeframe="15m",provenance="native"} 200\n',
    );
  });

  it('is each corrected row, by what it had been held to be', async () => {
    const corrections = [
      { openMs: 0, was: 'stream', stored },
      { openMs: 1, was: 'fold', stored },
      { openMs: 2, was: 'native' },
    ] as const;
    tally.kept({ series, provenance: 'native' }, { inserted: 0, corrections });
    const text = await told();
    for (const [was, rows] of Object.entries({ stream: 1, fold: 1, empty: 1, native: 0 }))
      expect(text).toContain(`candlekeep_corrected_rows_total{was="${was}"} ${rows}\n`);
  });
});
