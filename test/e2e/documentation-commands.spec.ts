import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ModuleKind, ScriptTarget, transpile } from 'typescript';
import { fencedBlocks } from '../support/documentation/fenced-blocks';
import { paste, type PasteOutcome } from '../support/documentation/pasted';
import { shellCommands } from '../support/documentation/shell-commands';
import { House } from '../support/house';
import { redisDatabases } from '../support/redis-databases';

const ROOT = path.resolve(__dirname, '..', '..');
const PAGES = ['README.md', 'docs/GUIDE.md'];
const SCRIPTED = ['js', 'ts'];
const HERE = '127.0.0.1:3000';
const BASE_URL = /http:\/\/127\.0\.0\.1:3000[^\s"'`)]*/g;

/** Not run here, each for its reason, with what must exist for it; of every `npm run` the script must. */
const RECOGNISED: readonly (readonly [command: RegExp, needs: string])[] = [
  [/^npm start$/, 'apps/standalone/bin/start.mjs'],
  [/^npm test$/, 'apps/standalone/bin/test.mjs'],
  [/^npm run start:[a-z-]+$/, 'nest-cli.json'],
  [/^npm run build$/, 'nest-cli.json'],
  // Packed, installed and used in client-package.spec.ts.
  [/^npm run build:client && npm pack \.\/libs\/client$/, 'libs/client/package.json'],
  [/^npm install \.\/candlekeep-client-0\.1\.0\.tgz$/, 'libs/client/package.json'],
  [/^POSTGRES_PASSWORD=\S+ docker compose up --build$/, 'docker-compose.yml'],
  // The key is the one that was made two commands before.
  [/^export CANDLEKEEP_KEY=ck_…$/, 'docs/GUIDE.md'],
];
/** Run by what it comes to: it would prepare the project first, under the feet of the tests beside this one. */
const DOCTOR: readonly [command: string, instead: string] = [
  'npm run doctor',
  'node dist/apps/doctor/src/main.js',
];
const FOLLOWS = 'curl -N ';

const read = (page: string) => readFileSync(path.join(ROOT, page), 'utf8');
const blocks = PAGES.flatMap((page) =>
  fencedBlocks(read(page)).map((block) => ({ page, ...block })),
);
const commands = blocks
  .filter(({ language }) => language === 'sh')
  .flatMap(({ page, text, line }) =>
    shellCommands(text).map((command) => ({
      text: command.text,
      place: `${page}:${line + command.line}`,
    })),
  );
const isRecognised = (text: string) => RECOGNISED.some(([pattern]) => pattern.test(text));
const pasted = commands.filter(({ text }) => !isRecognised(text));
const scripts = blocks.filter(
  ({ language, text }) => SCRIPTED.includes(language) && text.includes('import '),
);

describe('what README and GUIDE tell people to paste', () => {
  let house: House;
  /** Somebody's project: the SDK, ccxt, ws, and nothing else of this repository. */
  let project: string;
  let key = '';

  beforeAll(async () => {
    house = await House.start({ redisDatabase: redisDatabases.documentation, lives: 1 });
    project = await somebodysProject();
  }, 120_000);
  afterAll(async () => {
    await house.close();
    await rm(project, { recursive: true, force: true });
  });

  const gateway = () => house.gateways[0]!.url();
  const here = (text: string) => text.replaceAll(HERE, new URL(gateway()).host);
  const run = async (text: string): Promise<PasteOutcome> => {
    const wanted = here(text.replace(...DOCTOR))
      .replaceAll('/tmp/', `${project}/`)
      .replace(/^curl /, 'curl -fsS ');
    const asked = /^npm run (backfill|verify|purge) /.test(wanted)
      ? `${wanted} --gateway ${gateway()}`
      : wanted;
    const environment = {
      ...house.environment,
      ...{ GATEWAY_URL: gateway(), CANDLEKEEP_KEY: key },
    };
    return await paste(['bash', '-c', asked], {
      folder: ROOT,
      environment,
      programs: path.join(project, 'bin'),
      untilOutput: text.startsWith(FOLLOWS),
    });
  };

  it.each(pasted.map(({ place, text }) => [place, text]))('%s: %s', async (_, text) => {
    const { end, output } = await run(text);
    key = /ck_[\w-]+/.exec(output)?.[0] ?? key;
    expect({ end, output }).toEqual({ end: text.startsWith(FOLLOWS) ? 'printed' : 0, output });
  });

  it.each(scripts.map(({ page, line, text }) => [`${page}:${line}`, text]))(
    '%s, a script',
    async (place, text) => {
      const script = path.join(project, `${place.replace(/\W/g, '-')}.mjs`);
      const options = { module: ModuleKind.ESNext, target: ScriptTarget.ES2022 };
      await writeFile(script, transpile(here(text), options));
      const { end, output } = await paste([process.execPath, script], {
        folder: project,
        environment: {},
      });
      expect({ end, output }).toEqual({ end: 0, output });
      expect(output).toMatch(/\d/);
    },
  );

  it('asks in Python what a gateway answers', async () => {
    const asked = blocks
      .filter(({ language }) => language === 'python')
      .flatMap(({ text }) => text.match(BASE_URL) ?? [])
      .filter((url) => url.includes('?'));
    const statuses = await Promise.all(asked.map(async (url) => (await fetch(here(url))).status));
    expect(statuses).toEqual([200]);
  });

  it.each(
    commands.filter(({ text }) => isRecognised(text)).map(({ place, text }) => [place, text]),
  )('%s: %s, which is not run here, has what it needs', (_, text) => {
    const needs = RECOGNISED.flatMap(([pattern, file]) => (pattern.test(text) ? [file] : []));
    expect(needs.filter((file) => !existsSync(path.join(ROOT, file)))).toEqual([]);
  });
});

/** A folder with the built SDK, ccxt, ws, and a stand-in for curl that is found where no other is. */
async function somebodysProject(): Promise<string> {
  const project = await mkdtemp(path.join(tmpdir(), 'candlekeep-paste-'));
  const client = path.join(project, 'node_modules', '@candlekeep', 'client');
  await mkdir(client, { recursive: true });
  await mkdir(path.join(project, 'bin'));
  const curl = path.join(project, 'bin', 'curl');
  const standIn = path.join(ROOT, 'test', 'support', 'documentation', 'curl.mjs');
  await writeFile(curl, `#!/bin/sh\nexec '${process.execPath}' '${standIn}' "$@"\n`);
  await chmod(curl, 0o755);
  for (const name of ['ccxt', 'ws']) {
    await symlink(path.join(ROOT, 'node_modules', name), path.join(project, 'node_modules', name));
  }
  const source = path.join(ROOT, 'libs', 'client');
  await symlink(path.join(source, 'package.json'), path.join(client, 'package.json'));
  const tsup = path.join(ROOT, 'node_modules', '.bin', 'tsup');
  const config = path.join(source, 'tsup.config.ts');
  const building = [tsup, '--config', config, '--out-dir', path.join(client, 'dist')];
  const { end, output } = await paste(building, { folder: ROOT, environment: {} });
  if (end !== 0) throw new Error(`the SDK could not be built:\n${output}`);
  return project;
}
