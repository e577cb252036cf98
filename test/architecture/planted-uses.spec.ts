import { expectOnly, findingsWith } from './planted-house';

const FILE = 'libs/candle-cache/src/head.ts';

describe('a planted read of the environment', () => {
  it.each([
    ['plainly', 'export const url = process.env.REDIS_URL;'],
    ['by index', `export const url = process['env'].REDIS_URL;`],
    ['through globalThis', 'export const url = globalThis.process.env.REDIS_URL;'],
    ['unpacked', 'const { env } = process;'],
    ['renamed', 'const { env: settings } = process;'],
    ['imported', `import { env } from 'node:process';`],
  ])('is found when it is done %s', (_, text) => {
    expectOnly(findingsWith({ [FILE]: `\n${text}` }), `${FILE}:2 [env]`, "the app's src/env.ts");
  });

  it('is found in a deeper file that is merely called env.ts', () => {
    const file = 'libs/redis/src/env.ts';
    expectOnly(findingsWith({ [file]: 'void process.env;' }), `${file}:1 [env]`, 'pass the value');
  });

  it("passes in an app's env.ts, in tests' support and in scripts", () => {
    const text = 'export const url = process.env.REDIS_URL;';
    const files = {
      'apps/gateway/src/env.ts': text,
      'test/support/servers.ts': text,
      'apps/standalone/bin/start.mjs': text,
    };
    expect(findingsWith(files)).toEqual([]);
  });
});

describe('a planted read of time or chance', () => {
  it.each([
    ['Date.now', 'const at = Date.now();'],
    ['Date.now', 'const read = Date.now;'],
    ['Date.now', 'const { now } = Date;'],
    ['Date.now', 'const at = globalThis.Date.now();'],
    ['new Date', 'const at = new Date();'],
    ['new Date', 'const at = new Date;'],
    ['new Date', 'const at = Date();'],
    ['performance.now', 'const at = performance.now();'],
    ['process.hrtime', 'const at = process.hrtime.bigint();'],
    ['setTimeout', 'setTimeout(work, 5);'],
    ['setTimeout', 'globalThis.setTimeout(work, 5);'],
    ['setTimeout', 'const timers = { setTimeout };'],
    ['setTimeout', 'const later = setTimeout;'],
    ['setTimeout', 'class Later { run = setTimeout; }'],
    ['setInterval', 'const timer = setInterval(work, 5);'],
    ['setImmediate', 'await new Promise((go) => setImmediate(go));'],
    ['node:timers/promises', `import { setTimeout as delay } from 'node:timers/promises';`],
    ['timers', `import timers from 'timers';`],
    ['Math.random', 'const jitter = Math.random();'],
    ['randomUUID', `import { randomUUID } from 'node:crypto';`],
    ['randomBytes', `import { randomBytes as bytes } from 'crypto';`],
    ['crypto.randomUUID', 'const id = crypto.randomUUID();'],
    ['chance.randomInt', `import chance from 'node:crypto';\nchance.randomInt(5);`],
    ['crypto.getRandomValues', 'crypto.getRandomValues(bytes);'],
  ])('finds %s in: %s', (name, text) => {
    const line = text.split('\n').length;
    const findings = findingsWith({ [FILE]: text });
    expectOnly(findings, `${FILE}:${line} [clock] ${name} belongs`, 'take a Clock');
  });

  it.each([
    ['a given instant', 'const at = new Date(epochMs);'],
    ['calendar arithmetic', 'const at = Date.UTC(2026, 0);'],
    ['a hash', `import { createHash } from 'node:crypto';`],
    ['a type', 'let timer: ReturnType<typeof setTimeout>;'],
    ['a member of that name', 'scheduler.setTimeout(work);'],
    ['a key of that name', 'const port = { setTimeout: work };'],
    ['a clock that was passed in', 'const jitter = clock.random() * clock.nowMs();'],
    ['words in text and comments', '// Date.now()\nconst text = "process.env Math.random()";'],
  ])('lets %s pass', (_, text) => {
    expect(findingsWith({ [FILE]: text })).toEqual([]);
  });

  it('passes in clock itself, in tests and in scripts', () => {
    const text = 'setTimeout(() => Date.now(), Math.random());';
    const files = {
      'libs/clock/src/system-clock.ts': text,
      'libs/jobs/src/waiter.spec.ts': text,
      'test/support/wait-for.ts': text,
      'bench/load.ts': text,
      'apps/standalone/bin/start.mjs': text,
    };
    expect(findingsWith(files)).toEqual([]);
  });
});
