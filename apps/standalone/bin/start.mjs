// `npm start`: makes the project ready to run (packages, build), then runs the supervisor and waits for its ordered stop.
import path from 'node:path';
import { parseArgs } from 'node:util';
import { FolderLock } from './preparation/folder-lock.mjs';
import { requireNode } from './preparation/node-version.mjs';
import { prepare, projectFolder } from './preparation/prepare.mjs';
import { runSupervisor } from './run-supervisor.mjs';
import { usage } from './usage.mjs';

requireNode();
try {
  process.exitCode = await start(readOptions(process.argv.slice(2)));
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

async function start(options) {
  if (options.help) {
    console.log(usage);
    return 0;
  }
  const stateFolder = path.resolve(
    projectFolder,
    process.env.CANDLEKEEP_FOLDER || path.join(projectFolder, '.candlekeep'),
  );
  const lock = await takeStartLock(stateFolder);
  try {
    await prepare();
    return await runSupervisor({
      script: 'dist/apps/standalone/src/main.js',
      args: options['live-exchange'] ? ['--live-exchange'] : [],
      env: { CANDLEKEEP_FOLDER: stateFolder },
      started: (pid) => lock.handTo(pid),
    });
  } finally {
    lock.release();
  }
}

function readOptions(args) {
  try {
    const options = { help: { type: 'boolean', short: 'h' }, 'live-exchange': { type: 'boolean' } };
    return parseArgs({ args, options }).values;
  } catch (error) {
    throw new Error(`${error.message} Run "npm start -- --help" for the options.`, {
      cause: error,
    });
  }
}

async function takeStartLock(stateFolder) {
  const lock = new FolderLock(path.join(stateFolder, 'running'));
  const outcome = lock.tryTake();
  if (outcome.kind === 'taken') return lock;
  throw new Error(
    `Candlekeep already runs on ${stateFolder} (process ${outcome.pid}). ` +
      'Stop it with Ctrl-C in its terminal, or start another copy with a folder of its own: ' +
      'CANDLEKEEP_FOLDER=/some/folder PORT=3001 npm start',
  );
}
