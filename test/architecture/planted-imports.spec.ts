import { expectOnly, findingsWith } from './planted-house';

const JOBS = 'libs/jobs/src/waiter.ts';

describe('a planted import', () => {
  it('passes when the table allows it', () => {
    expect(findingsWith({ [JOBS]: `import { fold } from '@candlekeep/market';` })).toEqual([]);
  });

  it.each([
    ['upstairs', `import { x } from '@candlekeep/candle-cache';`],
    ['sideways', `import { x } from '@candlekeep/rate-limiter';`],
    ['for types alone', `import type { X } from '@candlekeep/candle-cache';`],
    ['by handing on', `export { x } from '@candlekeep/candle-cache';`],
    ['at run time', `void import('@candlekeep/candle-cache');`],
    ['by require', `const x = require('@candlekeep/candle-cache');`],
    ['by import-require', `import x = require('@candlekeep/candle-cache');`],
    ['in a type position', `let x: import('@candlekeep/candle-cache').X;`],
  ])('is found when it looks %s', (_, text) => {
    const findings = findingsWith({ [JOBS]: `// line one\n${text}\n` });
    expectOnly(findings, `${JOBS}:2 [floors]`, 'let the caller pass in what is needed');
  });

  it('is found when no such room exists', () => {
    const findings = findingsWith({ [JOBS]: `import '@candlekeep/kitchen';` });
    expectOnly(findings, `${JOBS}:1 [floors]`, 'there is no room "kitchen"');
  });

  it.each([
    ['past a door', JOBS, '@candlekeep/market/src/fold', 'import "@candlekeep/market"'],
    ['past a door from a test', 'test/e2e/a.spec.ts', '@candlekeep/jobs/x', '"@candlekeep/jobs"'],
    ['out of a room by path', JOBS, '../../market/src/fold', 'leaves libs/jobs'],
    ['into a room by path', 'test/e2e/a.spec.ts', '../../libs/jobs/src/x', 'leaves test'],
    ['into another app', 'apps/worker/src/x.ts', '../../gateway/src/y', 'leaves apps/worker'],
    ['into the tests', 'libs/jobs/src/x.ts', '../../../test/support/y', 'leaves libs/jobs'],
  ])('is found when it goes %s', (_, file, specifier, advice) => {
    const findings = findingsWith({ [file]: `import { x } from '${specifier}';` });
    expectOnly(findings, `${file}:1 [door]`, advice);
  });

  it('passes from specs to the tests’ support, from tests to apps, from the doctor to what apps are told, from anywhere to package.json', () => {
    const files = {
      'apps/worker/src/main.ts': `import { version } from '../../../package.json';`,
      'libs/jobs/src/waiter.spec.ts': `import { x } from '../../../test/support/servers';`,
      'test/e2e/a.spec.ts': `import { y } from '../../apps/worker/src/worker';`,
      'apps/doctor/src/settings.ts': `import { parseEnv } from '../../worker/src/env';`,
    };
    expect(findingsWith(files)).toEqual([]);
  });

  it('is found when a room imports its own door', () => {
    const findings = findingsWith({ [JOBS]: `import { x } from '@candlekeep/jobs';` });
    expectOnly(findings, `${JOBS}:1 [floors]`, 'use a relative path inside a room');
  });

  it.each([
    ['exchange-simulator', 'exchange-client', 'market, clock only'],
    ['standalone', 'market', 'clock only'],
    ['calculator', 'redis', 'never look at "redis"'],
    ['calculator', 'candle-cache', 'ask it over the wire'],
    ['calculator', 'candle-store', 'never look at "candle-store"'],
    ['gateway', 'exchange-client', 'never look at "exchange-client"'],
  ])('is found when app %s looks at %s', (app, room, advice) => {
    const file = `apps/${app}/src/main.ts`;
    const findings = findingsWith({ [file]: `import '@candlekeep/${room}';` });
    expectOnly(findings, `${file}:1 [floors]`, advice);
  });

  it('is found when the calculator opens its own connection', () => {
    const file = 'apps/calculator/src/main.ts';
    const findings = findingsWith({ [file]: `import { Redis } from 'ioredis';` });
    expectOnly(findings, `${file}:1 [floors]`, 'ask the gateway');
  });

  it('is found when OpenTelemetry leaves its folder, for types too', () => {
    const folder = 'libs/telemetry/src/tracing/opentelemetry';
    const text = `import type { Span } from '@opentelemetry/api';`;
    expect(findingsWith({ [`${folder}/x.ts`]: text })).toEqual([]);
    expectOnly(findingsWith({ [JOBS]: text }), `${JOBS}:1 [door]`, 'use inSpan and Tracing');
  });

  it('is found when Nest enters a domain class, not when it enters a module or an app', () => {
    const text = `import { Injectable } from '@nestjs/common';`;
    const files = { 'libs/jobs/src/jobs.module.ts': text, 'apps/worker/src/main.ts': text };
    expect(findingsWith(files)).toEqual([]);
    expectOnly(findingsWith({ [JOBS]: text }), `${JOBS}:1 [nest]`, 'keep this class plain');
  });

  it('is found when it closes a ring of files', () => {
    const findings = findingsWith({
      'libs/jobs/src/a.ts': `import './b';`,
      'libs/jobs/src/b.ts': `\nimport './c';`,
      'libs/jobs/src/c.ts': `import './a';`,
    });
    expectOnly(
      findings,
      'libs/jobs/src/c.ts:1 [cycle]',
      'a.ts -> libs/jobs/src/b.ts -> libs/jobs/src/c.ts',
    );
  });

  it('is no ring when a link of it is there for types alone', () => {
    const links = [
      `import type { A } from './a';`,
      `import { type A, type C } from './a';`,
      `export type { A } from './a';`,
      `export { type A } from './a';`,
      `let a: import('./a').A;`,
    ];
    for (const link of links) {
      const files = { 'libs/jobs/src/a.ts': `import './b';`, 'libs/jobs/src/b.ts': link };
      expect(findingsWith(files)).toEqual([]);
    }
    const loaded = `import { type A, b } from './a';`;
    const files = { 'libs/jobs/src/a.ts': `import './b';`, 'libs/jobs/src/b.ts': loaded };
    expectOnly(findingsWith(files), 'libs/jobs/src/b.ts:1 [cycle]', 'into a file of its own');
  });

  it('is found when a ring goes through a door', () => {
    const findings = findingsWith({
      'libs/market/src/index.ts': `export { x } from '@candlekeep/clock';`,
      'libs/clock/src/index.ts': `export { x } from '@candlekeep/market';`,
    });
    expect(findings).toContainEqual(
      expect.stringMatching(/\[cycle\] libs\/market\/src\/index.ts -> libs\/clock\/src\/index.ts/),
    );
  });
});
