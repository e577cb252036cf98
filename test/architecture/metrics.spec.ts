import { readFileSync } from 'node:fs';
import path from 'node:path';
import { METERED_PROCESSES, METRICS, type MetricDeclaration } from '@candlekeep/telemetry';
import { z } from 'zod';
import { shownMetrics } from '../support/shown-metrics';
import { readCompose, readYaml } from './compose-file';

const declared: readonly MetricDeclaration[] = Object.values(METRICS);
const names = declared.map(({ name }) => name);

const prometheusFile = z.object({
  scrape_configs: z.array(
    z.object({
      job_name: z.string(),
      authorization: z.object({ credentials_file: z.string() }).optional(),
      dns_sd_configs: z.tuple([
        z.object({ names: z.array(z.string()), type: z.string(), port: z.number() }),
      ]),
    }),
  ),
});

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
});

describe('the Prometheus of docker-compose.yml', () => {
  const root = path.join(__dirname, '..', '..');
  const { scrape_configs: jobs } = prometheusFile.parse(
    readYaml(path.join(root, 'deploy', 'prometheus', 'prometheus.yml')),
  );
  const { services } = readCompose(readYaml(path.join(root, 'docker-compose.yml')));

  it('looks at every process that has metrics', () => {
    expect(jobs.map(({ job_name: name }) => name)).toEqual([...METERED_PROCESSES]);
  });

  it.each(jobs)('can reach $job_name where it listens', ({ job_name: name, ...job }) => {
    const [{ names, port, type }] = job.dns_sd_configs;
    expect([names, type]).toEqual([[name], 'A']);
    const { environment = {}, networks = [] } = services[name] ?? {};
    expect(environment).toMatchObject({ HOST: '0.0.0.0', PORT: String(port) });
    const own = services.prometheus?.networks ?? [];
    expect(networks.filter((network) => own.includes(network))).not.toEqual([]);
  });

  it('shows a key to gateways alone, from the file that is mounted for it', () => {
    const shown = jobs.map(({ job_name: name, authorization }) => [
      name,
      authorization?.credentials_file,
    ]);
    const file = '/etc/prometheus-key';
    expect(Object.fromEntries(shown)).toEqual({
      gateway: file,
      worker: undefined,
      live: undefined,
    });
    const text = readFileSync(path.join(root, 'docker-compose.yml'), 'utf8');
    expect(text).toContain(`'\${METRICS_KEY_FILE:-/dev/null}:${file}:ro'`);
  });

  it('is the source that the dashboards name', () => {
    const grafana = path.join(root, 'deploy', 'grafana');
    const { datasources } = z
      .object({ datasources: z.array(z.object({ uid: z.string(), url: z.string() })) })
      .parse(readYaml(path.join(grafana, 'provisioning', 'datasources', 'prometheus.yml')));
    expect(datasources).toEqual([
      expect.objectContaining({ uid: 'prometheus', url: 'http://prometheus:9090' }),
    ]);
    const board = readFileSync(path.join(grafana, 'dashboards', 'candlekeep.json'), 'utf8');
    const named = [...board.matchAll(/"type": "prometheus",\s+"uid": "([^"]*)"/g)];
    expect(new Set(named.map(([, uid]) => uid))).toEqual(new Set(['prometheus']));
    expect(named.length).toBeGreaterThan(10);
  });
});
