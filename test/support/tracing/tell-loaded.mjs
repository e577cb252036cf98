// Runs a process of the product and says on standard error, when it ends, what of OpenTelemetry it has loaded:
// `node test/support/tracing/tell-loaded.mjs` with APP.
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const { cache } = createRequire(import.meta.url);
const PACKAGE = /node_modules\/(@opentelemetry\/[^/]+)\//;

process.on('exit', () => {
  const names = Object.keys(cache).map((file) => PACKAGE.exec(file.replaceAll('\\', '/'))?.[1]);
  const loaded = [...new Set(names.filter((name) => name !== undefined))].sort();
  process.stderr.write(`loaded of OpenTelemetry: ${JSON.stringify(loaded)}\n`);
});
await import(pathToFileURL(path.resolve(`dist/apps/${process.env.APP}/src/main.js`)).href);
