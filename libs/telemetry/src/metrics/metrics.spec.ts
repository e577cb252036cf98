import { ManualClock } from '@candlekeep/clock';
import { Metrics } from './metrics';

const soon = () => new Promise((resolve) => setImmediate(resolve));

describe('the metrics of a process', () => {
  const clock = new ManualClock();
  let metrics: Metrics;
  beforeEach(() => {
    metrics = new Metrics('worker', clock);
  });
  const told = async (): Promise<string> => (await metrics.expose(undefined)).text;

  it('tell a counter as 0 from the moment it is asked for', async () => {
    const count = metrics.count('jobs', { queue: 'candles', outcome: 'done' });
    const line = 'candlekeep_jobs_total{queue="candles",outcome="done"}';
    expect(await told()).toContain(`${line} 0\n`);
    count.add(2);
    expect(await told()).toContain(`${line} 2\n`);
  });

  it('have one child for the same labels, in whatever order these are said', () => {
    const one = metrics.count('jobs', { queue: 'candles', outcome: 'done' });
    expect(metrics.count('jobs', { outcome: 'done', queue: 'candles' })).toBe(one);
    expect(metrics.count('jobs', { outcome: 'candles', queue: 'done' })).not.toBe(one);
    const sizes = metrics.sizesOf('jobDuration', { queue: 'candles' });
    expect(metrics.sizesOf('jobDuration', { queue: 'candles' })).toBe(sizes);
    expect(metrics.sizesOf('jobWait', { queue: 'candles' })).not.toBe(sizes);
  });

  it('tell what is counted and what is read of one metric together', async () => {
    metrics.count('poisonedValues', {}).add(1);
    metrics.read('poisonedValues', () => [{ labels: {}, value: 2 }]);
    expect(await told()).toContain('candlekeep_poisoned_values_total 3\n');
  });

  it('name those that are the business of other processes not at all', async () => {
    const text = await told();
    expect(text).toContain('# TYPE candlekeep_jobs_total counter\n');
    expect(text).not.toContain('candlekeep_http_requests_total');
    expect(text).not.toContain('candlekeep_live_leading');
  });

  it('leave out what cannot be read, and count that in the same answer', async () => {
    metrics.read('redisConnections', () => Promise.reject(new Error('away')));
    metrics.read('heapUsed', () => {
      throw new Error('wrong');
    });
    metrics.read('residentMemory', () => [{ labels: {}, value: 7 }]);
    const text = await told();
    expect(text).toContain('candlekeep_process_resident_memory_bytes 7\n');
    expect(text).not.toMatch(/^candlekeep_redis_connections\{/m);
    for (const metric of ['candlekeep_redis_connections', 'candlekeep_process_heap_used_bytes'])
      expect(text).toContain(`candlekeep_unread_metrics_total{metric="${metric}"} 1\n`);
  });

  it('wait a second for a reader and no longer, and not for its late answer', async () => {
    let answer: (samples: []) => void = () => undefined;
    metrics.read('heapUsed', () => new Promise((resolve) => (answer = resolve)));
    metrics.read('residentMemory', () => [{ labels: {}, value: 7 }]);
    let text = '';
    const asked = told().then((said) => (text = said));
    await clock.advance(999);
    expect(text).toBe('');
    await clock.advance(1);
    await asked;
    expect(text).toContain('candlekeep_process_resident_memory_bytes 7\n');
    expect(text).toContain('{metric="candlekeep_process_heap_used_bytes"} 1\n');
    answer([]);
    await soon();
  });

  it('read all at the same time: several slow ones cost one wait', async () => {
    for (const key of ['heapUsed', 'residentMemory', 'startTime'] as const)
      metrics.read(key, () => new Promise(() => undefined));
    const asked = told();
    await clock.advance(1_000);
    expect((await asked).match(/^candlekeep_unread_metrics_total\{/gm)).toHaveLength(3);
  });

  it('ask several readers of one metric', async () => {
    for (const mode of ['user', 'system'])
      metrics.read('cpu', () => [{ labels: { mode }, value: 1 }]);
    expect((await told()).match(/^candlekeep_process_cpu_seconds_total\{/gm)).toHaveLength(2);
  });
});
