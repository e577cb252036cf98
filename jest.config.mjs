import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';

const root = import.meta.dirname;
const modules = path.join(root, 'node_modules');

// Jest on Node 20 cannot require ESM, so every package that says "type": "module" is compiled to CommonJS with our own code.
function esmPackages() {
  const names = readdirSync(modules).flatMap((name) =>
    name.startsWith('@')
      ? readdirSync(path.join(modules, name)).map((inner) => `${name}/${inner}`)
      : [name],
  );
  return names.filter((name) => {
    try {
      const manifest = readFileSync(path.join(modules, name, 'package.json'), 'utf8');
      return JSON.parse(manifest).type === 'module';
    } catch {
      return false;
    }
  });
}

const swc = {
  jsc: {
    target: 'es2022',
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true },
    keepClassNames: true,
  },
  module: { type: 'commonjs', ignoreDynamic: true },
  sourceMaps: 'inline',
};
const swcJs = { ...swc, jsc: { target: 'es2022', parser: { syntax: 'ecmascript' } } };

const shared = {
  rootDir: root,
  testEnvironment: 'node',
  moduleFileExtensions: ['ts', 'js', 'mjs', 'json'],
  moduleNameMapper: { '^@candlekeep/([^/]+)$': '<rootDir>/libs/$1/src' },
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/.candlekeep'],
  transform: {
    '\\.ts$': ['@swc/jest', swc],
    '\\.m?js$': ['@swc/jest', swcJs],
  },
  transformIgnorePatterns: [`node_modules/(?!(${esmPackages().join('|')})/)`],
};

const project = (displayName, testMatch, more = {}) => ({
  ...shared,
  displayName,
  testMatch: testMatch.map((glob) => `<rootDir>/${glob}`),
  ...more,
});

export default {
  projects: [
    project('unit', [
      '{apps,libs}/**/*.spec.ts',
      'test/{architecture,economy,live-day,recorded}/**/*.spec.ts',
    ]),
    project('integration', ['test/{integration,model,preload}/**/*.spec.ts']),
    project('e2e', ['test/e2e/**/*.spec.ts']),
    project('resilience', ['test/resilience/**/*.spec.ts']),
  ],
  testSequencer: '<rootDir>/test/long-first.mjs',
  // Whole-system tests wait more than they work, so even two cores bear three at once.
  maxWorkers: Math.max(3, availableParallelism() - 1),
  // Says that a test hangs, never that it is slow: a busy machine takes several times what a calm one does.
  testTimeout: 180_000,
};
