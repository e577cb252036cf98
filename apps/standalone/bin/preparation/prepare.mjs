import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { contentFingerprint, treeFingerprint } from './fingerprint.mjs';
import { FolderLock } from './folder-lock.mjs';
import { runNpm } from './run-npm.mjs';

/** The folder of package.json, absolute. */
export const projectFolder = path.resolve(import.meta.dirname, '../../../..');

const inProject = (...names) => path.join(projectFolder, ...names);
const packagesStamp = inProject('node_modules', '.candlekeep-packages');
const buildStamp = inProject('dist', '.candlekeep-sources');
const sources = ['apps', 'libs', 'tsconfig.json', 'nest-cli.json', 'package-lock.json'];

/** Installs the packages and builds, each only when its input has changed since; one process at a time. `say` prints a line. */
export async function prepare({ say = console.log } = {}) {
  if (packagesAreCurrent() && buildIsCurrent()) return;
  const lock = new FolderLock(inProject('.candlekeep', 'preparing'));
  await lock.take((pid) => {
    say(`Waiting for process ${pid ?? '(unknown)'}, which is installing or building ...`);
  });
  try {
    if (!packagesAreCurrent()) await installPackages(say);
    if (!buildIsCurrent()) await build(say);
  } finally {
    lock.release();
  }
}

function packagesAreCurrent() {
  const stamp = readStamp(packagesStamp);
  if (stamp !== undefined) return stamp === contentFingerprint(inProject('package-lock.json'));
  return installedByHandSince(inProject('package-lock.json'));
}

// npm writes this file last: newer than the lock file, it says that somebody has run a whole install.
function installedByHandSince(lockFile) {
  const installed = statSync(inProject('node_modules', '.package-lock.json'), {
    throwIfNoEntry: false,
  });
  return installed !== undefined && installed.mtimeMs >= statSync(lockFile).mtimeMs;
}

async function installPackages(say) {
  say('Installing packages (npm ci) ...');
  // NODE_ENV=production or an "omit" setting would leave out the compiler and the database's binaries.
  await runNpm(['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund'], {
    cwd: projectFolder,
    onFailure: 'The packages could not be installed; check the network and run the command again.',
  });
  writeFileSync(packagesStamp, contentFingerprint(inProject('package-lock.json')));
}

function buildIsCurrent() {
  return readStamp(buildStamp) === sourcesFingerprint();
}

async function build(say) {
  say('Building ...');
  // Taken before: a source that changes while the compiler runs must lead to another build.
  const fingerprint = sourcesFingerprint();
  await runNpm(['run', 'build', '--silent'], {
    cwd: projectFolder,
    onFailure: 'The build failed; correct what the compiler names and run the command again.',
  });
  mkdirSync(inProject('dist'), { recursive: true });
  writeFileSync(buildStamp, fingerprint);
}

function sourcesFingerprint() {
  return treeFingerprint(projectFolder, sources);
}

function readStamp(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}
