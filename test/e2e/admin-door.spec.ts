import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { KeyBook } from '@candlekeep/access';
import { createPool } from '@candlekeep/postgres';
import { z } from 'zod';
import { waitFor } from '../support/app-process';
import { type Visit, Visitor } from '../support/browser';
import { House } from '../support/house';
import { redisDatabases } from '../support/redis-databases';

const BOARD = path.dirname(require.resolve('@bull-board/ui/package.json'));
const BOARD_API = path.resolve(BOARD, '..', 'api', 'dist', 'routes.js');
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
const PAGE_FOLDER = path.resolve('apps/gateway/src/admin/page');
const queueList = z.object({
  queues: z.array(z.object({ name: z.string(), readOnlyMode: z.boolean() })),
});

/** What the page of the board loads. */
function boardFiles(): string[] {
  const folder = path.join(BOARD, 'dist', 'static');
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .map((file) => `/admin/queues/static/${file.split(path.sep).join('/')}`);
}

/** Every route that the board's package names, its own words put in for parameters. */
function boardRoutes(): string[] {
  const source = readFileSync(BOARD_API, 'utf8');
  const named = [...source.matchAll(/'(\/(?:api|queue|metrics|job)[^']*)'/g)].map(
    ([, url]) => url!,
  );
  return [...new Set(named)].map(
    (url) => `/admin/queues${url.replaceAll(':queueName', 'candles').replaceAll(/:\w+/g, 'x')}`,
  );
}

const dashboardFiles = readdirSync(PAGE_FOLDER).map((file) => `/admin/assets/${file}`);
const pages = ['/admin', '/admin/', '/admin/visitor', '/admin/assets/lightweight-charts.js'];
const boards = ['/admin/queues', '/admin/queues/', '/admin/queues/queue/candles'];
/** Other ways to write the way to the queues. */
const spellings = [
  ...['//admin/queues/api/queues', '/admin//queues/api/queues', '/admin/./queues/api/queues'],
  ...['/x/../admin/queues/api/queues', '/%61dmin/queues/api/queues', '/admin/queues%2Fapi/queues'],
  ...['/Admin/queues/api/queues', '/admin/queues/api/queues/', '/admin;x/queues/api/queues'],
  ...['/admin/queues/static/../api/queues', '/admin/queues/api/queues?key=x'],
];

describe('the administration of a gateway that asks for keys', () => {
  let house: House;
  let keys: { readonly read: string; readonly admin: string };

  beforeAll(async () => {
    house = await House.start({
      ...{ redisDatabase: redisDatabases.adminDoor, environment: { AUTH: 'keys' } },
    });
    keys = await makeKeys();
    await waitFor(async () => {
      expect((await ask('/admin/visitor', keys.admin)).status).toBe(200);
    });
  });
  afterAll(async () => {
    await house.close();
  });

  const makeKeys = async () => {
    const url = house.environment.DATABASE_URL!;
    const pool = createPool({ url, applicationName: 'test', onError: () => undefined });
    const book = new KeyBook(pool);
    const read = await book.create({ name: 'reader' });
    const admin = await book.create({ name: 'operator', scope: 'admin' });
    await pool.end();
    return { read: read.text, admin: admin.text };
  };
  const ask = async (url: string, key?: string, method = 'GET') => {
    const headers = key === undefined ? {} : { authorization: `Bearer ${key}` };
    const response = await fetch(`${house.gateways[0]!.url()}${url}`, {
      ...{ method, headers, redirect: 'manual' },
    });
    return { status: response.status, body: await response.text(), headers: response.headers };
  };

  it('has a board with files and routes enough to walk', () => {
    expect(boardFiles().length).toBeGreaterThan(20);
    expect(boardRoutes()).toContain('/admin/queues/api/queues/candles/pause');
    expect(boardRoutes().length).toBeGreaterThan(30);
  });

  it('answers 401 to whoever shows no key, on every path, file and method of board and dashboard', async () => {
    const asked = [
      ...[...boardFiles(), ...dashboardFiles, ...pages, ...boards].map(
        (url) => ['GET', url] as const,
      ),
      ...boardRoutes().flatMap((url) => METHODS.map((method) => [method, url] as const)),
    ];
    const seen = await Promise.all(
      asked.map(
        async ([method, url]) => `${(await ask(url, undefined, method)).status} ${method} ${url}`,
      ),
    );
    expect(seen.filter((line) => !line.startsWith('401 '))).toEqual([]);
    const wrong = await ask('/admin/queues/api/queues', `ck_aaaaaaaa_${'x'.repeat(43)}`);
    expect(wrong.status).toBe(401);
  });

  it('is not entered by writing the way there otherwise', async () => {
    for (const url of spellings) {
      const { status, body } = await ask(url);
      expect(`${status} ${url}`).toMatch(/^(?:400|401|404) /);
      expect(body).not.toContain('counts');
    }
  });

  it('leads a person who opens the dashboard to where they log in', async () => {
    const response = await fetch(`${house.gateways[0]!.url()}/admin`, {
      ...{ headers: { accept: 'text/html' }, redirect: 'manual' },
    });
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe('/admin/login');
  });

  it('shows the queues to a key that may read, without buttons, and lets it change none', async () => {
    const { queues } = queueList.parse(
      JSON.parse((await ask('/admin/queues/api/queues', keys.read)).body),
    );
    expect(queues.map(({ name }) => name).sort()).toEqual([
      'candles',
      'folds',
      'history',
      'preloads',
      'texts',
    ]);
    expect(queues.every(({ readOnlyMode }) => readOnlyMode)).toBe(true);
    const changing = boardRoutes().flatMap((url) =>
      METHODS.slice(1).map((method) => [method, url] as const),
    );
    const seen = await Promise.all(
      changing.map(
        async ([method, url]) => `${(await ask(url, keys.read, method)).status} ${method} ${url}`,
      ),
    );
    expect(seen.filter((line) => !line.startsWith('403 '))).toEqual([]);
  });

  it('lets a key of the admin scope hold a queue, and let it go on', async () => {
    const { queues } = queueList.parse(
      JSON.parse((await ask('/admin/queues/api/queues', keys.admin)).body),
    );
    expect(queues.some(({ readOnlyMode }) => readOnlyMode)).toBe(false);
    expect((await ask('/admin/queues/api/queues/history/pause', keys.admin, 'PUT')).status).toBe(
      200,
    );
    expect((await ask('/admin/queues/api/queues/history/resume', keys.admin, 'PUT')).status).toBe(
      200,
    );
  });

  describe('in a browser', () => {
    let visitor: Visitor;
    let visit: Visit;

    beforeAll(async () => {
      visitor = await Visitor.start();
      visit = await visitor.visit(house.gateways[0]!.url(), '/admin');
      visit.page.setDefaultTimeout(15_000);
    });
    afterAll(async () => {
      await visitor.close();
    });

    it('is entered by showing the key once, and left by a click', async () => {
      const { page } = visit;
      expect(page.url()).toMatch(/\/admin\/login$/);
      await page.locator('input[name=key]').fill(keys.admin);
      await page.keyboard.press('Enter');
      await page.locator('#heartbeat[data-state=live]').waitFor();
      await page.locator('#leave button').click();
      await page.waitForURL('**/admin/login');
      await page.goto(`${house.gateways[0]!.url()}/admin`);
      expect(page.url()).toMatch(/\/admin\/login$/);
    });

    it('shows the board, which asks nobody else and breaks no policy', async () => {
      const { page } = visit;
      await page.locator('input[name=key]').fill(keys.admin);
      await page.keyboard.press('Enter');
      await page.locator('#queues a').first().click();
      await page.getByText('preloads').first().waitFor();
      expect(visit.foreign).toEqual([]);
      expect(visit.errors.filter((error) => error.startsWith('policy'))).toEqual([]);
    });
  });
});
