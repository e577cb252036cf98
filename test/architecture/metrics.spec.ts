import { readFileSync } from 'node:fs';
import path from 'node:path';
import { METRICS, type MetricDeclaration } from '@candlekeep/telemetry';
import { shownMetrics } from '../support/shown-metrics';

const declared: readonly MetricDeclaration[] = Object.values(METRICS);
const names = declared.map(({ name }) => name);

describe('the table of metrics', () => {
  it('declares each name once, with its unit and what it means', () => {
    expect(new Set(names).size).toBe(names.length);
    for (const { name, kind, help, bounds = [] } of declared) {
      expect(name).toMatch(/^candlekeep_[a-z0-9_]+$/);
      expect(name.endsWith('_total')).toBe(kind === 'counter');
      expect(help).toMatch(/\.$/);
      expect(bounds.length > 0).toBe(kind === 'histogram');
      expect([...bounds].toSorted((a, b) => a - b)).toEqual(bounds);
    }
  });

  it('holds every metric that alerts and dashboards name', () => {
    const shown = shownMetrics();
    expect(shown.length).toBeGreaterThan(10);
    expect(shown.filter((name) => !names.includes(name))).toEqual([]);
  });

  it('is read by a Prometheus that looks at every process that has metrics', () => {
    const file = path.join(__dirname, '..', '..', 'deploy', 'prometheus', 'prometheus.yml');
    const text = readFileSync(file, 'utf8');
    for (const process of ['gateway', 'worker', 'live'])
      expect(text).toContain(`job_name: ${process}`);
  });
});
