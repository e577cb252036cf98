import { checkHouse } from './check-house';
import { findingText } from './finding';
import { HOUSE } from './rooms';

/** Findings, one line each, of a well-kept house with these files added or replaced. */
export function findingsWith(files: Readonly<Record<string, string>>): string[] {
  return checkHouse(new Map([...wellKept(), ...Object.entries(files)])).map(findingText);
}

/** Expects exactly one finding, which begins with the place and rule and gives the advice. */
export function expectOnly(findings: readonly string[], where: string, advice: string): void {
  expect(findings).toEqual([expect.stringContaining(advice)]);
  expect(findings[0]?.slice(0, where.length)).toBe(where);
}

/** The smallest tree that breaks no rule: every room with a door and a header. */
function wellKept(): [string, string][] {
  return Object.keys(HOUSE.rooms).flatMap((room): [string, string][] => [
    [`libs/${room}/src/index.ts`, 'export {};\n'],
    [`libs/${room}/README.md`, `# ${room}\n`],
  ]);
}
