import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { readCompose, readYaml, type Service, schemaComplaints } from './compose-file';

const ROOT = path.resolve(__dirname, '..', '..');
const document = readYaml(path.join(ROOT, 'docker-compose.yml'));
const { services, networks } = readCompose(document);
const all = Object.entries(services);
const ours = all.filter(([, { build }]) => build !== undefined);

/** The variables that configure our processes, and no other. */
const OUR_VARIABLES = [
  'HOST',
  'PORT',
  'REDIS_URL',
  'REDIS_CACHE_URL',
  'DATABASE_URL',
  'AUTH',
  'UPBIT_REST_URL',
  'UPBIT_WS_URL',
  'LIVE_MARKETS',
  'EGRESS_ID',
  'LIMIT_PER_MINUTE',
  'LIMIT_PER_HOUR',
  'PRELOAD_CALLS_PER_HOUR',
  'STRATEGIES_DIR',
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'OTEL_EXPORTER_OTLP_HEADERS',
  'OTEL_TRACES_SAMPLER_ARG',
];

function service(name: string): Service {
  const found = services[name];
  if (found === undefined) throw new Error(`docker-compose.yml has no service "${name}": add it`);
  return found;
}

describe('docker-compose.yml', () => {
  it('is valid by the published Compose schema', () => {
    expect(schemaComplaints(document)).toEqual([]);
  });

  it('is judged by a schema that does refuse', () => {
    const wrong = { services: { gateway: { image: 'x', comand: 'x', restart: 5 } } };
    expect(schemaComplaints(wrong).join('\n')).toMatch(/comand[^]*must be string/);
    const unhealthy = { services: { a: { healthcheck: { interval: 'soon' } } } };
    expect(schemaComplaints(unhealthy).join('\n')).toMatch(/interval.*duration/);
  });

  it('runs TimescaleDB, two Redis servers, and two of gateway, worker and live', () => {
    const replicas = all.map(([name, { deploy }]) => [name, deploy?.replicas ?? 1]);
    expect(Object.fromEntries(replicas)).toEqual({
      timescale: 1,
      'redis-queue': 1,
      'redis-cache': 1,
      gateway: 2,
      worker: 2,
      live: 2,
      'exchange-simulator': 1,
      prometheus: 1,
      grafana: 1,
    });
  });

  it.each(all)('confines %s', (_, { user, ...confined }) => {
    expect(user).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    expect(confined).toMatchObject({
      read_only: true,
      init: true,
      restart: 'unless-stopped',
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
    });
    expect(confined.stop_grace_period).toMatch(/^\d+s$/);
    expect(['CMD', 'CMD-SHELL']).toContain(confined.healthcheck.test[0]);
  });

  it.each(all)('pins what %s is made of', (_, { image, build }) => {
    if (build === undefined) expect(image).toMatch(/:v?\d+\.\d+\.\d+/);
    else expect([image, build]).toEqual(['candlekeep:local', '.']);
  });

  it('lets the queue server never evict and keep its log, and the cache server evict within 100 MB', () => {
    expect(service('redis-queue').command?.join(' ')).toBe(
      'redis-server --maxmemory-policy noeviction --appendonly yes --appendfsync everysec',
    );
    expect(service('redis-cache').command?.join(' ')).toBe(
      'redis-server --maxmemory 100mb --maxmemory-policy allkeys-lru --save  --appendonly no',
    );
  });

  it('publishes nothing but the gateways, one loopback port for each, and what watches them', () => {
    expect(all.filter(([, { ports }]) => ports.length > 0).map(([name]) => name)).toEqual([
      'gateway',
      'prometheus',
      'grafana',
    ]);
    for (const [, { ports }] of all)
      for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
    const [, from, until] =
      /^127\.0\.0\.1:(\d+)-(\d+):3000$/.exec(service('gateway').ports.join()) ?? [];
    expect(Number(until) - Number(from) + 1).toBe(service('gateway').deploy?.replicas);
  });

  it('keeps the servers on a network without a way out, which only gateway, worker, live and whoever reads their metrics share', () => {
    expect(networks.state).toEqual({ internal: true });
    const onState = all.filter(([, own]) => own.networks.includes('state')).map(([name]) => name);
    expect(onState).toEqual([
      'timescale',
      'redis-queue',
      'redis-cache',
      'gateway',
      'worker',
      'live',
      'prometheus',
    ]);
    expect(service('gateway').networks).not.toContain('exchange');
  });

  it.each(['gateway', 'worker', 'live'])('starts %s only when every server is healthy', (name) => {
    const healthy = { condition: 'service_healthy' };
    expect(service(name).depends_on).toEqual({
      timescale: healthy,
      'redis-queue': healthy,
      'redis-cache': healthy,
    });
    expect(service(name).healthcheck.test.join(' ')).toContain(
      `http://127.0.0.1:${service(name).environment.PORT ?? '?'}/health/ready`,
    );
  });

  it.each(ours)('gives %s no variable that it does not know', (_, { environment }) => {
    expect(Object.keys(environment).filter((name) => !OUR_VARIABLES.includes(name))).toEqual([]);
  });

  it('holds no secret, and refuses to start without one', () => {
    const stated = service('timescale').environment.POSTGRES_PASSWORD;
    expect(stated).toMatch(/^\$\{POSTGRES_PASSWORD:\?.+\}$/);
    for (const name of ['gateway', 'worker', 'live']) {
      const url = service(name).environment.DATABASE_URL;
      expect(url).toBe(`postgres://candlekeep:${stated ?? ''}@timescale:5432/candlekeep`);
    }
  });

  it('wants keys of whoever asks a gateway unless told otherwise', () => {
    expect(service('gateway').environment.AUTH).toBe('${AUTH:-keys}');
  });

  it('asks the real exchange unless told otherwise', () => {
    expect(service('worker').environment.UPBIT_REST_URL).toBe(
      '${UPBIT_REST_URL:-https://api.upbit.com}',
    );
    expect(service('live').environment.UPBIT_WS_URL).toBe(
      '${UPBIT_WS_URL:-wss://api.upbit.com/websocket/v1}',
    );
    expect(service('exchange-simulator').profiles).toEqual(['demo']);
  });
});

describe('the commands of the containers', () => {
  const { scripts } = z
    .object({ scripts: z.record(z.string(), z.string()) })
    .parse(readJson('package.json'));
  const { projects } = z
    .object({ projects: z.record(z.string(), z.object({ entryFile: z.string() })) })
    .parse(readJson('nest-cli.json'));

  it.each(['gateway', 'worker', 'live'])('start %s just as `npm run start:%s` does', (name) => {
    expect(`exec ${service(name).command?.join(' ')}`).toBe(scripts[`start:${name}`]);
  });

  it.each(ours)('start %s from the file that the build makes of it', (name, { command }) => {
    expect(command).toEqual(['node', `dist/${projects[name]?.entryFile ?? '?'}.js`]);
  });
});

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(path.join(ROOT, file), 'utf8'));
}
