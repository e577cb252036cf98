import { access, constants } from 'node:fs/promises';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { z } from 'zod';

/** What keeps it from asking anything of its own, and lets it run as root without a graphics card. */
const FLAGS = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];
/** Tells in the console what a page's policy forbade. */
const TELL_VIOLATIONS = `addEventListener('securitypolicyviolation', (event) =>
  console.error('policy: ' + event.violatedDirective + ' forbids ' + event.blockedURI));`;
const program = z.object({ TEST_CHROMIUM: z.string().min(1).default('/usr/bin/chromium') }).loose();

/** A page as somebody sees it, and what it did behind their back. */
export interface Visit {
  readonly page: Page;
  /** Requests to anybody but the site. */
  readonly foreign: readonly string[];
  /** Errors of the console and of scripts, broken policies among them. */
  readonly errors: readonly string[];
}

/** A real Chromium. */
export class Visitor {
  private constructor(private readonly browser: Browser) {}

  /** Rejects with a message that says how to get one when there is none. */
  static async start(): Promise<Visitor> {
    const { TEST_CHROMIUM: executablePath } = program.parse(process.env);
    await access(executablePath, constants.X_OK).catch(() => {
      throw new Error(
        `There is no Chromium at ${executablePath}: run the tests with \`npm test\`, which finds or fetches one, or install it ("apt-get install chromium").`,
      );
    });
    return new Visitor(await chromium.launch({ executablePath, args: FLAGS }));
  }

  /** Opens a page of the site, as a new person of Seoul. */
  async visit(site: string, path: string, more: BrowserContextOptions = {}): Promise<Visit> {
    const context = await this.browser.newContext({
      ...{ locale: 'en-GB', timezoneId: 'Asia/Seoul', viewport: { width: 1440, height: 1100 } },
      ...more,
    });
    await context.addInitScript(TELL_VIOLATIONS);
    const page = await context.newPage();
    const foreign: string[] = [];
    const errors: string[] = [];
    context.on('request', (request) => {
      if (!request.url().startsWith(`${site}/`)) foreign.push(request.url());
    });
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(`${message.text()} ${message.location().url}`);
    });
    page.on('pageerror', (error) => {
      errors.push(error.message);
    });
    await page.goto(`${site}${path}`);
    return { page, foreign, errors };
  }

  async close(): Promise<void> {
    await this.browser.close();
  }
}
