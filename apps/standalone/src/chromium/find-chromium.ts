import path from 'node:path';
import { runTool } from '../processes/run-tool';
import { hasApt, lastLine } from '../servers/debian-packages';
import { type ChromiumOutcome, debianChromium } from './debian-chromium';

export interface ChromiumSearch {
  readonly searchPath: string;
  /** Where an unpacked one is kept for all later runs of this project. */
  readonly cacheFolder: string;
  /** Root may have the system's package manager install one. */
  readonly isRoot: boolean;
  readonly say: (line: string) => void;
}

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const usualFolders = ['/usr/bin', '/usr/local/bin', '/opt/homebrew/bin'];
const usualFiles = [
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];
const installLimitMs = 300_000;

/** The browser that the tests of pages use: an installed one, else Debian's, installed for root and unpacked for others. */
export async function findChromium(search: ChromiumSearch): Promise<ChromiumOutcome> {
  const installed = await findInstalled(search.searchPath);
  if (installed !== undefined) return { kind: 'found', file: installed };
  if (search.isRoot && (await install(search.say))) {
    const now = await findInstalled(search.searchPath);
    if (now !== undefined) return { kind: 'found', file: now };
  }
  return await debianChromium(path.join(search.cacheFolder, 'chromium'), search.say);
}

/** Where a browser may lie, in the order of looking. */
export function chromiumFiles(searchPath: string): readonly string[] {
  const folders = [...searchPath.split(path.delimiter), ...usualFolders];
  const absolute = [...new Set(folders.filter((folder) => path.isAbsolute(folder)))];
  return [
    ...names.flatMap((name) => absolute.map((folder) => path.join(folder, name))),
    ...usualFiles,
  ];
}

/** One that says its version: Ubuntu's `chromium-browser` may be a script that only points to a store. */
export async function findInstalled(searchPath: string): Promise<string | undefined> {
  for (const file of chromiumFiles(searchPath)) {
    const { ok, output } = await runTool(file, ['--version']);
    if (ok && /\d+\.\d+\.\d+/.test(output)) return file;
  }
  return undefined;
}

async function install(say: (line: string) => void): Promise<boolean> {
  if (!(await hasApt())) return false;
  say('Installing Chromium for the tests of pages (apt-get, once) ...');
  const apt = (...args: readonly string[]) =>
    runTool('apt-get', ['-y', '-qq', ...args], {
      timeoutMs: installLimitMs,
      env: { DEBIAN_FRONTEND: 'noninteractive', PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
    });
  const wish = ['--no-install-recommends', 'install', 'chromium', 'fonts-dejavu-core'] as const;
  const first = await apt(...wish);
  if (first.ok) return true;
  await apt('update');
  const second = await apt(...wish);
  if (!second.ok) say(`It could not be installed: ${lastLine(second.output)}`);
  return second.ok;
}
