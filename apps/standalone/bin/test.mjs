// `npm test`: makes the project ready to run, then runs every test against servers of its own. Arguments go on to jest.
import { requireNode } from './preparation/node-version.mjs';
import { prepare } from './preparation/prepare.mjs';
import { runSupervisor } from './run-supervisor.mjs';

requireNode();
try {
  await prepare();
  process.exitCode = await runSupervisor({
    script: 'dist/apps/standalone/src/test-run.js',
    args: process.argv.slice(2),
  });
} catch (error) {
  console.error(error.message);
  console.log('0 passed, 1 failed');
  process.exitCode = 1;
}
