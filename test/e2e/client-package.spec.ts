import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { House } from '../support/house';
import { redisDatabases } from '../support/redis-databases';

const ROOT = path.resolve(__dirname, '..', '..');
const SOURCE = path.join(ROOT, 'libs', 'client');
const BIN = path.join(ROOT, 'node_modules', '.bin');
const run = promisify(execFile);

const ASK = `
const candlekeep = new CandlekeepClient({ baseUrl: process.env.GATEWAY_URL });
const ask = async () => {
  const { candles } = await candlekeep.getCandles({ market: 'KRW-BTC', timeframe: '1m', count: 3 });
  const { columns } = await candlekeep.getColumns({ market: 'KRW-BTC', timeframe: '1m', count: 2 });
  console.log(candles.length, columns.close instanceof Float64Array, columns.close.length);
  candlekeep.close();
};
void ask();
`;
const TYPED = `
import { type Candle, CandlekeepClient, CandlekeepRequestFailed, type Subscription } from '@candlekeep/client';
const candlekeep = new CandlekeepClient({ baseUrl: 'http://127.0.0.1:3000', class: 'chart' });
export async function use(): Promise<string> {
  const { candles } = await candlekeep.getCandles({ market: 'KRW-BTC', timeframe: '1m' });
  const slots = await candlekeep.getCandles({ market: 'KRW-BTC', timeframe: '1m', fill: 'null' });
  const empty: boolean | undefined = slots.candles[0]?.isEmpty;
  const { columns } = await candlekeep.getColumns({ market: 'KRW-BTC', timeframe: '1m', columns: ['close'] });
  const closes: Float64Array = columns.close;
  // @ts-expect-error this column was not asked for
  columns.open;
  const range: Candle[] = [];
  for await (const candle of candlekeep.readRange({ market: 'KRW-BTC', timeframe: '1m', fromMs: 0 })) range.push(candle);
  const following: Subscription = candlekeep.subscribe([], { candle: ({ final }) => final });
  following.close();
  const failed = new CandlekeepRequestFailed('no', { status: 503 });
  return [candles[0]?.close, empty, closes.length, failed.status, range.length].join();
}
`;

/** What each example says at least. */
const SAID: Readonly<Record<string, RegExp>> = {
  'columns.mjs': /^SMA\(20\) \d+\.\d\d, HIGH\(20\) \d+\n$/,
  'errors.mjs': /^status 400\ntimeframe: expected one of 1s, 1m.*\nno answer from http:.*\n$/,
  'first-answer.mjs':
    /^60 candles, \d+ of them final, from \w+\nas of .* the price is \d+\.\d{8}\n$/,
  'follow.mjs': /^(?:KRW-(?:BTC|ETH) \S+Z \d+\.\d{8} (?:final|forming)\n){3}$/,
  'long-range.mjs': /^7\d\d minutes, \d+ of them rose\n$/,
  'many-series.mjs': /^KRW-BTC: 30 days.*\nKRW-ETH: 30 days.*\nKRW-NOSUCH: .*404.*\n$/,
};
const EXAMPLES = Object.keys(SAID);

describe('the package of the SDK', () => {
  let house: House;
  /** A project of somebody else, with the package and nothing of this repository. */
  let project: string;

  const installed = (...parts: string[]) =>
    path.join(project, 'node_modules', '@candlekeep', 'client', ...parts);
  const node = async (script: string): Promise<string> => {
    const env = { GATEWAY_URL: house.gateways[0]!.url() };
    const { stdout } = await run(process.execPath, [script], {
      cwd: project,
      env,
      timeout: 30_000,
    });
    return stdout;
  };

  beforeAll(async () => {
    house = await House.start({ redisDatabase: redisDatabases.clientPackage });
    project = await mkdtemp(path.join(tmpdir(), 'candlekeep-client-'));
    await install(project);
  }, 120_000);
  afterAll(async () => {
    await rm(project, { recursive: true, force: true });
    await house.close();
  });

  it('holds what it needs, and no more', async () => {
    const files = await readdir(installed(), { recursive: true });
    expect(files.filter((file) => file.includes('.')).sort()).toEqual([
      'NOTICE.md',
      'README.md',
      'dist/index.d.mts',
      'dist/index.d.ts',
      'dist/index.js',
      'dist/index.mjs',
      ...EXAMPLES.map((name) => `examples/${name}`),
      'package.json',
    ]);
  });

  it('is imported as an ES module', async () => {
    const script = path.join(project, 'ask.mjs');
    await writeFile(script, `import { CandlekeepClient } from '@candlekeep/client';${ASK}`);
    expect(await node(script)).toBe('3 true 2\n');
  });

  it('is required as CommonJS', async () => {
    const script = path.join(project, 'ask.cjs');
    await writeFile(script, `const { CandlekeepClient } = require('@candlekeep/client');${ASK}`);
    expect(await node(script)).toBe('3 true 2\n');
  });

  it.each([
    ['NodeNext, imported and required', ['use.mts', 'use.cts'], ['--module', 'nodenext']],
    ['CommonJS', ['use.ts'], ['--module', 'commonjs', '--moduleResolution', 'bundler']],
  ])('has types for %s', async (_, files, flags) => {
    for (const file of files) await writeFile(path.join(project, file), TYPED);
    const types = ['--types', 'node', '--typeRoots', path.join(ROOT, 'node_modules', '@types')];
    const strict = ['--noEmit', '--strict', '--target', 'es2022', '--ignoreConfig'];
    const compiling = run(path.join(BIN, 'tsc'), [...strict, ...types, ...flags, ...files], {
      cwd: project,
    });
    await expect(compiling.catch((error: unknown) => error)).resolves.toEqual({
      stdout: '',
      stderr: '',
    });
  });

  it.each(Object.entries(SAID))('has an example that runs: %s', async (name, said) => {
    expect(await node(installed('examples', name))).toMatch(said);
  });
});

/** Builds the package beside its source, packs it as npm would for its registry, and unpacks that. */
async function install(project: string): Promise<void> {
  const built = path.join(project, 'built');
  for (const part of ['package.json', 'README.md', 'NOTICE.md', 'examples']) {
    await cp(path.join(SOURCE, part), path.join(built, part), { recursive: true });
  }
  const config = path.join(SOURCE, 'tsup.config.ts');
  const out = path.join(built, 'dist');
  await run(path.join(BIN, 'tsup'), ['--config', config, '--out-dir', out], { cwd: ROOT });
  await run('npm', ['pack', '--offline', '--pack-destination', project], { cwd: built });
  const target = path.join(project, 'node_modules', '@candlekeep', 'client');
  await mkdir(target, { recursive: true });
  const [tarball = ''] = (await readdir(project)).filter((name) => name.endsWith('.tgz'));
  await run('tar', ['-xzf', path.join(project, tarball), '--strip-components=1', '-C', target]);
  await rm(built, { recursive: true });
}
