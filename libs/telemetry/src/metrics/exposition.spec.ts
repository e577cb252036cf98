import { Distribution } from './distribution';
import { expose, type MetricSamples } from './exposition';
import type { MetricDeclaration } from './metric-declaration';

/** As Prometheus 2 asks. */
const OPEN_METRICS =
  'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1';

const declared = (
  kind: MetricDeclaration['kind'],
  labels: readonly string[] = [],
): MetricDeclaration => ({
  ...{ kind, labels, help: `A ${kind}.`, on: ['gateway'] },
  name: kind === 'counter' ? 'ck_things_total' : 'ck_things',
});
const samplesOf = (
  declaration: MetricDeclaration,
  samples: MetricSamples['samples'],
): MetricSamples => ({ declaration, samples, distributions: [] });
const linesOf = async (metrics: readonly MetricSamples[], accept?: string): Promise<string[]> =>
  (await expose(metrics, accept)).text.trimEnd().split('\n');

describe('metrics in words', () => {
  const counted = samplesOf(declared('counter', ['kind']), [{ labels: { kind: 'a' }, value: 3 }]);

  it('are Prometheus’ older text for who asks for nothing else', async () => {
    const { contentType, text } = await expose([counted], 'text/html, */*');
    expect(contentType).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(text.trimEnd().split('\n')).toEqual([
      '# HELP ck_things_total A counter.',
      '# TYPE ck_things_total counter',
      'ck_things_total{kind="a"} 3',
    ]);
  });

  it('are OpenMetrics for who takes it, with one _total and an end', async () => {
    const { contentType, text } = await expose([counted], OPEN_METRICS);
    expect(contentType).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8');
    expect(text).toBe(
      [
        ...['# HELP ck_things A counter.', '# TYPE ck_things counter'],
        ...['ck_things_total{kind="a"} 3', '# EOF', ''],
      ].join('\n'),
    );
  });

  it('say the same however often and in whatever form they were asked for before', async () => {
    const forms = [OPEN_METRICS, '', OPEN_METRICS, ''];
    const texts = await Promise.all(
      forms.map(async (accept) => (await expose([counted], accept)).text),
    );
    expect(texts.slice(2)).toEqual(texts.slice(0, 2));
  });

  it.each(['', OPEN_METRICS])(
    'keep a label in one line, whatever it holds (%s)',
    async (accept) => {
      const kind = 'say "hi"\\\nand go';
      const lines = await linesOf(
        [samplesOf(declared('gauge', ['kind']), [{ labels: { kind }, value: 1.5 }])],
        accept,
      );
      expect(lines).toContain(String.raw`ck_things{kind="say \"hi\"\\\nand go"} 1.5`);
    },
  );

  it('are silent about what nobody has counted or read, and do not call it 0', async () => {
    for (const kind of ['counter', 'gauge'] as const) {
      const lines = await linesOf([samplesOf(declared(kind), [])]);
      expect(lines.filter((line) => !line.startsWith('#'))).toEqual([]);
    }
  });

  it('add up counters of the same labels, and keep the last of gauges', async () => {
    const twice = [1, 2].map((value) => ({ labels: {}, value }));
    expect(await linesOf([samplesOf(declared('counter'), twice)])).toContain('ck_things_total 3');
    expect(await linesOf([samplesOf(declared('gauge'), twice)])).toContain('ck_things 2');
  });

  it.each(['', OPEN_METRICS])('count a histogram upwards to +Inf (%s)', async (accept) => {
    const sizes = new Distribution([0.5, 2]);
    for (const size of [0.5, 1, 3]) sizes.observe(size);
    const declaration = declared('histogram', ['kind']);
    const distributions = [{ labels: { kind: 'a' }, sizes }];
    const lines = await linesOf([{ declaration, samples: [], distributions }], accept);
    expect(lines.filter((line) => !line.startsWith('#'))).toEqual([
      'ck_things_bucket{le="0.5",kind="a"} 1',
      'ck_things_bucket{le="2",kind="a"} 2',
      'ck_things_bucket{le="+Inf",kind="a"} 3',
      'ck_things_sum{kind="a"} 4.5',
      'ck_things_count{kind="a"} 3',
    ]);
  });
});
