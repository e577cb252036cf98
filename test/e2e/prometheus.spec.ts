import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { promtool } from '../support/promtool';

const DEPLOY = path.resolve(__dirname, '..', '..', 'deploy');
const PROMETHEUS = path.join(DEPLOY, 'prometheus');
const DASHBOARDS = path.join(DEPLOY, 'grafana', 'dashboards');

const board = z.object({
  panels: z.array(
    z.object({ title: z.string(), targets: z.array(z.object({ expr: z.string() })).min(1) }),
  ),
});

describe('what Prometheus itself says of its files', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'prometheus-'));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
  });

  it('takes the configuration, with the rules and the key that it names', async () => {
    const place = path.join(folder, 'etc');
    await mkdir(place);
    const configuration = await readFile(path.join(PROMETHEUS, 'prometheus.yml'), 'utf8');
    const moved = configuration
      .replaceAll('/etc/prometheus/', `${PROMETHEUS}/`)
      .replaceAll('/etc/prometheus-key', path.join(place, 'key'));
    await writeFile(path.join(place, 'key'), 'ck_key');
    await writeFile(path.join(place, 'prometheus.yml'), moved);
    const { code, said } = await promtool(['check', 'config', path.join(place, 'prometheus.yml')]);
    expect(said).toMatch(/SUCCESS: .*prometheus\.yml is valid/);
    expect(said).toMatch(/SUCCESS: \d+ rules found/);
    expect(code).toBe(0);
  });

  it('raises each alert by what it is for, and by nothing near it', async () => {
    const tests = (await readdir(PROMETHEUS)).filter((name) => name.endsWith('.test.yml'));
    const files = tests.map((name) => path.join(PROMETHEUS, name));
    expect(await promtool(['test', 'rules', ...files])).toMatchObject({ code: 0 });
    const rules = await readFile(path.join(PROMETHEUS, 'alerts.yml'), 'utf8');
    const cases = await Promise.all(files.map((file) => readFile(file, 'utf8')));
    const alerts = [...rules.matchAll(/- alert: (\w+)/g)].map(([, name]) => name);
    const raised = new Set(
      [...cases.join('\n').matchAll(/alertname: (\w+)\s+exp_alerts/g)].map(([, name]) => name),
    );
    expect(alerts.filter((name) => !raised.has(name))).toEqual([]);
  });

  it('understands every query of the dashboards', async () => {
    const names = (await readdir(DASHBOARDS)).filter((name) => name.endsWith('.json'));
    const texts = await Promise.all(
      names.map((name) => readFile(path.join(DASHBOARDS, name), 'utf8')),
    );
    const queries = texts
      .flatMap((text) => board.parse(JSON.parse(text)).panels)
      .flatMap(({ targets }) => targets.map(({ expr }) => expr));
    expect(queries.length).toBeGreaterThan(10);
    const rules = queries.map((expr, place) => ({
      ...{ record: `query_${place}`, expr: expr.replaceAll('$__rate_interval', '1m') },
    }));
    const file = path.join(folder, 'queries.yml');
    await writeFile(file, JSON.stringify({ groups: [{ name: 'queries', rules }] }));
    const { code, said } = await promtool(['check', 'rules', file]);
    expect([code, said]).toEqual([0, expect.stringContaining(`${queries.length} rules found`)]);
  });
});
