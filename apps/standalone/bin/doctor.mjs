// `npm run doctor`: makes the project ready to run (packages, build), then looks at what it needs.
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { requireNode } from './preparation/node-version.mjs';
import { prepare, projectFolder } from './preparation/prepare.mjs';

requireNode();
try {
  // Standard output is the report's alone.
  await prepare({ say: console.error });
  await import(pathToFileURL(path.join(projectFolder, 'dist/apps/doctor/src/main.js')).href);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
