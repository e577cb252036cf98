// `npm run screens -- http://127.0.0.1:3000`: pictures of the dashboard of a running house, for the documents.
import { existsSync } from 'node:fs';
import path from 'node:path';
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
const executablePath = ['/usr/bin/chromium', '/usr/bin/google-chrome'].find((file) =>
  existsSync(file),
);
if (executablePath === undefined) {
  console.error('There is no Chromium on this machine: install one ("apt-get install chromium").');
  process.exit(1);
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
  const page = await context.newPage();
  await page.goto(`${site}/admin${hash}`);
  await page.locator('#heartbeat[data-state=live]').waitFor();
  await page.waitForTimeout(LOOK_MS);
  const file = path.join(FOLDER, `${name}.png`);
  await page.screenshot({ path: file, fullPage: name === 'dashboard' });
  console.log(file);
}
