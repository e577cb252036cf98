import ts from 'typescript';
import { readImports, type ImportFact } from './read-imports';

/** A member of something that is read: `Date.now`, `process.env`; `new Date` stands for the call without arguments. */
export interface UseFact {
  readonly name: string;
  readonly line: number;
}

/** What the rules need to know of one source file. */
export interface SourceFacts {
  readonly imports: readonly ImportFact[];
  readonly uses: readonly UseFact[];
}

/** Reads a TypeScript or JavaScript file with the compiler's parser. No types, no other file is looked at. */
export function readFacts(file: string, text: string): SourceFacts {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const imports: ImportFact[] = [];
  const uses: UseFact[] = [];
  const visit = (node: ts.Node): void => {
    const line = source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
    imports.push(...readImports(node).map((fact) => ({ ...fact, line })));
    uses.push(...usedNames(node).map((name) => ({ name, line })));
    ts.forEachChild(node, visit);
  };
  visit(source);
  return { imports, uses };
}

function usedNames(node: ts.Node): string[] {
  if (ts.isPropertyAccessExpression(node)) return [memberName(node.expression, node.name.text)];
  if (ts.isElementAccessExpression(node) && ts.isStringLiteralLike(node.argumentExpression)) {
    return [memberName(node.expression, node.argumentExpression.text)];
  }
  if (ts.isVariableDeclaration(node) && ts.isObjectBindingPattern(node.name)) {
    return unpackedNames(node.name, node.initializer);
  }
  if (isCurrentDate(node)) return ['new Date'];
  return ts.isIdentifier(node) && isFreeName(node) ? [node.text] : [];
}

/** `now` out of `const { now } = Date`. */
function unpackedNames(pattern: ts.ObjectBindingPattern, from: ts.Expression | undefined) {
  if (from === undefined) return [];
  return pattern.elements.flatMap(({ propertyName, name }) => {
    const key = propertyName ?? name;
    return ts.isIdentifier(key) ? [memberName(from, key.text)] : [];
  });
}

/** `Date.now` for `Date`, `globalThis.Date` and `global.Date` alike; `globalThis.setTimeout` is plain `setTimeout`. */
function memberName(object: ts.Expression, member: string): string {
  if (ts.isPropertyAccessExpression(object) && isGlobalObject(object.expression)) {
    return `${object.name.text}.${member}`;
  }
  if (isGlobalObject(object)) return member;
  return ts.isIdentifier(object) ? `${object.text}.${member}` : `?.${member}`;
}

function isGlobalObject(node: ts.Expression): boolean {
  return ts.isIdentifier(node) && (node.text === 'globalThis' || node.text === 'global');
}

/** `new Date()`, `new Date` and `Date()`, which all read the machine's clock. */
function isCurrentDate(node: ts.Node): boolean {
  if (!ts.isNewExpression(node) && !ts.isCallExpression(node)) return false;
  if (!ts.isIdentifier(node.expression) || node.expression.text !== 'Date') return false;
  return ts.isCallExpression(node) || (node.arguments?.length ?? 0) === 0;
}

/** Whether the identifier reads a name in scope: not a property, a key, a declaration, an import or a type. */
function isFreeName(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (isNamedSlot(parent)) return parent.initializer === node;
  return (
    ts.isShorthandPropertyAssignment(parent) || ts.isExpression(parent) || ts.isStatement(parent)
  );
}

/** `name = value` in any of its forms. */
function isNamedSlot(node: ts.Node) {
  return (
    ts.isPropertyAssignment(node) ||
    ts.isVariableDeclaration(node) ||
    ts.isParameter(node) ||
    ts.isBindingElement(node) ||
    ts.isPropertyDeclaration(node)
  );
}
