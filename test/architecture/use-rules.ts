import type { Finding } from './finding';
import { type Place, placeOf } from './place';
import type { SourceFacts } from './source-facts';

const ENV_FILE = /^apps\/[^/]+\/src\/env\.ts$/;
const CLOCK_NAMES = new Set([
  'new Date',
  'Date.now',
  'performance.now',
  'process.hrtime',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'Math.random',
]);
const CLOCK_MODULES = new Set(['timers', 'timers/promises']);
/** What `node:crypto` and WebCrypto call chance, whatever the module was named on import. */
const CHANCE = /(?:^|\.)(?:random(?:UUID|Bytes|Int|Fill|FillSync)|getRandomValues)$/;

/** Finds the environment read outside `env.ts`, and time or chance taken anywhere but from `clock`. */
export function judgeUses(file: string, facts: SourceFacts): Finding[] {
  const place = placeOf(file);
  const env = mayReadEnv(file, place) ? [] : envReads(facts);
  const clock = mayReadClock(file, place) ? [] : clockReads(facts);
  return [
    ...env.map(({ name, line }) => ({
      file,
      line,
      rule: 'env' as const,
      message: `${name} is read here: parse it in the app's src/env.ts and pass the value on`,
    })),
    ...clock.map(({ name, line }) => ({
      file,
      line,
      rule: 'clock' as const,
      message: `${name} belongs to @candlekeep/clock: take a Clock in the constructor and ask it`,
    })),
  ];
}

/** Tests' support files bring servers' addresses in; `bin` scripts run before anything is built. */
function mayReadEnv(file: string, place: Place): boolean {
  return ENV_FILE.test(file) || file.startsWith('test/support/') || place.isScript;
}

/** The published SDK stands alone, so it reads the clock itself, in one file. */
const CLOCK_OF_THE_SDK = 'libs/client/src/time.ts';
/** A page's scripts run in a browser, where no room is. */
const PAGE_SCRIPT = /^apps\/[^/]+\/src\/(?:.+\/)?page\/[^/]+\.js$/;

/** Tests wait for real servers, and scripts run without the build. */
function mayReadClock(file: string, place: Place): boolean {
  if (file === CLOCK_OF_THE_SDK || PAGE_SCRIPT.test(file)) return true;
  return place.kind === 'test' || place.isSpec || place.isScript || place.owner === 'clock';
}

interface Read {
  readonly name: string;
  readonly line: number;
}

function envReads({ imports, uses }: SourceFacts): Read[] {
  const imported = imports.filter(
    ({ specifier, names }) => bare(specifier) === 'process' && names.includes('env'),
  );
  return [
    ...uses.filter(({ name }) => name === 'process.env'),
    ...imported.map(({ line }) => ({ name: 'process.env', line })),
  ];
}

function clockReads({ imports, uses }: SourceFacts): Read[] {
  const imported = imports.flatMap(({ specifier, names, line }) => {
    if (CLOCK_MODULES.has(bare(specifier))) return [{ name: specifier, line }];
    if (bare(specifier) !== 'crypto') return [];
    return names.filter((name) => CHANCE.test(name)).map((name) => ({ name, line }));
  });
  const used = uses.filter(({ name }) => CLOCK_NAMES.has(name) || CHANCE.test(name));
  return [...imported, ...used];
}

function bare(specifier: string): string {
  return specifier.replace(/^node:/, '');
}
