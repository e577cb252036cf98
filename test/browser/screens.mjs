// `npm run screens -- http://127.0.0.1:3000`: pictures of the dashboard of a running house, for the documents. Where the gateway asks for
// a key, it is logged in with the one in CANDLEKEEP_KEY, of the scope admin.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { URLSearchParams } from 'node:url';
import { chromium } from 'playwright-core';

const FLAGS = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];
const FOLDER = path.resolve(import.meta.dirname, '..', '..', 'docs', 'images');
const VIEWS = [
  { name: 'dashboard', viewport: { width: 1440, height: 900 }, deviceScaleFactor: 1.5 },
  {
    ...{ name: 'dashboard-phone', viewport: { width: 390, height: 844 } },
    ...{ isMobile: true, hasTouch: true, deviceScaleFactor: 2 },
  },
];
/** So long the page is looked at before it is taken: rates are lines only after some readings. */
const LOOK_MS = 20_000;

const [site = 'http://127.0.0.1:3000', hash = ''] = process.argv.slice(2);
const cookies = await logIn();
const executablePath = ['/usr/bin/chromium', '/usr/bin/google-chrome'].find((file) =>
  existsSync(file),
);
if (executablePath === undefined) {
  end('There is no Chromium on this machine: install one ("apt-get install chromium").');
}
const browser = await chromium.launch({ executablePath, args: FLAGS });
try {
  await Promise.all(VIEWS.map(take));
} finally {
  await browser.close();
}

async function take({ name, ...view }) {
  const context = await browser.newContext({
    locale: 'en-GB',
    timezoneId: 'Asia/Seoul',
    colorScheme: 'dark',
    ...view,
  });
  await context.addCookies(cookies);
  const page = await context.newPage();
  await page.goto(`${site}/admin${hash}`);
  await page.locator('#heartbeat[data-state=live]').waitFor();
  await page.waitForTimeout(LOOK_MS);
  const file = path.join(FOLDER, `${name}.png`);
  await page.screenshot({ path: file, fullPage: name === 'dashboard' });
  console.log(file);
}

/** The cookies of a person who may see the dashboard; none where everybody may. Ends in one line where it may not be seen. */
async function logIn() {
  const door = await fetch(`${site}/admin`, {
    redirect: 'manual',
    headers: { accept: 'text/html' },
  }).catch(() =>
    end(`There is no gateway at ${site}: start one, or name another as the first argument.`),
  );
  if (door.status !== 303) return [];
  const key = process.env.CANDLEKEEP_KEY?.trim() ?? '';
  if (key === '') end('This gateway asks for a key: set CANDLEKEEP_KEY to one of the scope admin.');
  const body = new URLSearchParams({ key });
  const login = await fetch(`${site}/admin/login`, { method: 'POST', body, redirect: 'manual' });
  const [cookie = ''] = login.headers.getSetCookie();
  const [, name, value] = /^([^=]+)=([^;]+)/.exec(cookie) ?? [];
  if (name === undefined) end('The key in CANDLEKEEP_KEY is no active key of the scope admin.');
  return [{ name, value, url: site, httpOnly: true, sameSite: 'Strict' }];
}

function end(reason) {
  console.error(reason);
  process.exit(1);
}
