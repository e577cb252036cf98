import { checkHouse } from './check-house';
import { expectOnly, findingsWith } from './planted-house';
import { MAX_LINES } from './shape-rules';

describe('a planted shape', () => {
  it('is found when a room has no door or no header', () => {
    const findings = checkHouse(new Map([['libs/market/src/index.ts', 'export {};']]), {
      rooms: {
        market: { floor: 0, reason: 'words', mayImport: [] },
        clock: { floor: 0, reason: 'time', mayImport: [] },
      },
      apps: {},
      kept: [],
    });
    expect(findings.map(({ file, rule }) => [file, rule])).toEqual([
      ['libs/market/README.md', 'shape'],
      ['libs/clock/src/index.ts', 'shape'],
      ['libs/clock/README.md', 'shape'],
    ]);
  });

  it.each(['libs/kitchen/src/index.ts', 'apps/kitchen/src/main.ts'])(
    'is found when %s belongs to nothing in the table',
    (file) => {
      expectOnly(findingsWith({ [file]: 'export {};' }), `${file}:1 [shape]`, 'give it a floor');
    },
  );

  it('is found when a door hands out everything', () => {
    const file = 'libs/market/src/index.ts';
    const findings = findingsWith({
      'libs/market/src/fold.ts': 'export const x = 1;',
      [file]: `export { x } from './fold';\nexport * from './fold';`,
    });
    expectOnly(findings, `${file}:2 [door]`, 'name each export by hand');
  });

  it('is found when a door hands out everything under one name', () => {
    const file = 'libs/market/src/index.ts';
    const findings = findingsWith({ [file]: `export * as all from './fold';` });
    expectOnly(findings, `${file}:1 [door]`, 'name each export by hand');
  });

  it.each(['utils', 'util', 'helpers', 'helper', 'common', 'misc'])(
    'is found when a folder or file is called %s',
    (name) => {
      const folder = `libs/jobs/src/${name}/ids.ts`;
      const file = `test/support/${name}.ts`;
      expectOnly(findingsWith({ [folder]: 'export {};' }), `${folder}:1 [name]`, 'with the noun');
      expectOnly(findingsWith({ [file]: 'export {};' }), `${file}:1 [name]`, 'with the noun');
    },
  );

  it.each(['test/e2e/long.spec.ts', 'libs/redis/src/long.lua', 'apps/standalone/bin/long.mjs'])(
    'is found when %s is longer than the limit, and not at the limit',
    (file) => {
      const text = (lines: number) => '\n'.repeat(lines);
      expect(findingsWith({ [file]: text(MAX_LINES) })).toEqual([]);
      expectOnly(
        findingsWith({ [file]: text(MAX_LINES + 1) }),
        `${file}:${MAX_LINES + 1} [size]`,
        'split it',
      );
    },
  );
});
