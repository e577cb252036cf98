import { findCycles } from './cycles';
import type { Finding } from './finding';
import { judgeImport } from './import-rules';
import { type House, HOUSE } from './rooms';
import { judgeFile, judgeHouse } from './shape-rules';
import { readFacts, type SourceFacts } from './source-facts';
import { judgeUses } from './use-rules';

const CODE = /\.(?:ts|mts|cts|js|mjs|cjs)$/;

/** Path from the project folder (forward slashes) to the file's text. */
export type SourceTree = ReadonlyMap<string, string>;

/** Every broken house rule of the tree, in the order of its files. Pure: reads nothing but its arguments. */
export function checkHouse(tree: SourceTree, house: House = HOUSE): Finding[] {
  const facts = new Map<string, SourceFacts>();
  for (const [file, text] of tree) if (CODE.test(file)) facts.set(file, readFacts(file, text));
  return [
    ...judgeHouse(new Set(tree.keys()), house),
    ...[...tree].flatMap(([file, text]) => judgeFile(file, text, facts.get(file))),
    ...[...facts].flatMap(([file, known]) => [
      ...known.imports.flatMap((fact) => judgeImport(file, fact, house)),
      ...judgeUses(file, known),
    ]),
    ...findCycles(facts),
  ];
}
