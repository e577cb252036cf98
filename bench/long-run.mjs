// What the long runs of the specs have in common: options from the command line, which the specs find in their environment.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { parseArgs } from 'node:util';

/** Runs specs under servers of their own. */
const UNDER_SERVERS = path.resolve('apps', 'standalone', 'bin', 'test.mjs');
/** Runs specs that need none. */
const ALONE = path.resolve('node_modules', 'jest', 'bin', 'jest.js');

/** A seed that was hardly ever taken before. */
export function newSeed() {
  return String(Date.now() % 1_000_000);
}

/**
 * The options of a run, each with what it is when not given, its form, and that form in words:
 * `{ seed: { usual: '7', form: /^\d+$/, expected: 'a whole number' } }`. Ends the process for `--help`, and at what cannot be.
 */
export function readOptions(usage, options) {
  const own = Object.entries(options);
  const { help, ...values } = parseArgs({
    options: {
      ...Object.fromEntries(own.map(([name, { usual }]) => [name, text(usual)])),
      help: { type: 'boolean', default: false },
    },
  }).values;
  if (help) {
    console.log(usage);
    process.exit(0);
  }
  for (const [name, { form, expected }] of own) {
    if (form === undefined || form.test(values[name])) continue;
    console.error(`--${name} is "${values[name]}": expected ${expected}\n\n${usage}`);
    process.exit(2);
  }
  return values;
}

function text(usual) {
  return { type: 'string', default: usual };
}

/** Runs specs, on servers of their own unless `servers` is false, told so by `env`; the process ends as they do. */
export async function runSpecs({ args, env, servers = true }) {
  process.on('SIGINT', () => {});
  const child = spawn(process.execPath, [servers ? UNDER_SERVERS : ALONE, ...args], {
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
  const [code] = await once(child, 'exit');
  process.exitCode = code ?? 1;
}
