import path from 'node:path';
import { Clock, SystemClock } from '@candlekeep/clock';
import { findChromium } from './chromium/find-chromium';
import { childEnvironment, inheritedSearchPath, projectCacheFolder } from './env';
import { TestCounts, countTests, summaryLine } from './jest-summary';
import { Opened } from './opened';
import { runJest } from './processes/jest-process';
import { findPromtool } from './prometheus/find-promtool';
import { stopRequest } from './processes/stop-request';
import { LocalServers, removeLocalServers, startLocalServers } from './servers/local-servers';
import { messageOf } from './start-failure';
import { makeTestFolder, removeAbandonedTestFolders } from './test-folder';
import { complain, leave, outliveTerminal, say } from './terminal';

void main(stopRequest(), new SystemClock()).then(leave);

/** Runs all tests against servers of their own; resolves to the exit code. The last line says what the run came to. */
async function main(stop: AbortSignal, clock: Clock): Promise<number> {
  outliveTerminal();
  const opened = new Opened();
  let counts: TestCounts = { passed: 0, failed: 1 };
  try {
    counts = await run(opened, stop, clock);
  } catch (error) {
    complain(messageOf(error));
  }
  await opened.closeAll();
  say(`\n${summaryLine(counts)}`);
  return counts.failed === 0 ? 0 : 1;
}

async function run(opened: Opened, stop: AbortSignal, clock: Clock): Promise<TestCounts> {
  const stateFolder = path.resolve('.candlekeep');
  await removeAbandonedTestFolders(stateFolder, clock);
  const folder = await makeTestFolder(stateFolder);
  opened.add(() => removeLocalServers(folder, clock));
  const servers = await openServers(folder, clock);
  opened.add(() => servers.close());
  const chromium = await openBrowser();
  const promtool = await openPromtool();
  const resultsFile = path.join(folder, 'results.json');
  const env = childEnvironment({
    TEST_REDIS_URL: servers.redisUrl,
    TEST_REDIS_CACHE_URL: servers.redisCacheUrl,
    TEST_DATABASE_URL: servers.databaseUrl,
    TEST_CHROMIUM: chromium,
    TEST_PROMTOOL: promtool,
  });
  const code = await runJest({ resultsFile, args: process.argv.slice(2), env, stop }, clock);
  return countTests(resultsFile, code);
}

function openServers(folder: string, clock: Clock): Promise<LocalServers> {
  const options = {
    folder,
    cacheFolder: projectCacheFolder(),
    searchPath: inheritedSearchPath(),
    given: {},
    durable: false,
    say,
  };
  return startLocalServers(options, clock);
}

/** The browser's file. Where none can be had, the tests of pages fail, and say so, and all others run. */
async function openBrowser(): Promise<string> {
  const outcome = await findChromium({
    ...{ searchPath: inheritedSearchPath(), cacheFolder: projectCacheFolder(), say },
    isRoot: process.getuid?.() === 0,
  });
  if (outcome.kind === 'found') return outcome.file;
  complain(
    `There is no Chromium on this machine, and none could be fetched (${outcome.reason}), so the tests of pages will fail. Install one: "apt-get install chromium" or "brew install chromium".`,
  );
  return 'chromium';
}

/** The file of Prometheus' checker. Where none can be had, the tests of what Prometheus reads fail, and say so, and all others run. */
async function openPromtool(): Promise<string> {
  const cacheFolder = projectCacheFolder();
  const outcome = await findPromtool({ searchPath: inheritedSearchPath(), cacheFolder, say });
  if (outcome.kind === 'found') return outcome.found;
  complain(
    `There is no promtool on this machine, and none could be fetched (${outcome.reason}), so the tests of what Prometheus reads will fail. Install one: "apt-get install prometheus" or "brew install prometheus".`,
  );
  return 'promtool';
}
