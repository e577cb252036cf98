import ts from 'typescript';

/** One edge from a file to a module, in whichever form it is written. */
export interface ImportFact {
  /** As written: `@candlekeep/market`, `./fold`, `node:crypto`. */
  readonly specifier: string;
  /** Names taken from the module; `*` for all of it (namespace, default, `require`, dynamic import). */
  readonly names: readonly string[];
  /** Whether everything is handed on: `export * from`. */
  readonly isStarExport: boolean;
  /** Whether only types are meant, so that nothing is loaded at run time. */
  readonly isErased: boolean;
  readonly line: number;
}

type Edge = Omit<ImportFact, 'line'>;

/** The imports that this one node makes: static, type-only, re-exporting, dynamic, `require`, `import x = require()`. */
export function readImports(node: ts.Node): Edge[] {
  if (ts.isImportDeclaration(node)) {
    const names = importedNames(node.importClause);
    return edgeTo(node.moduleSpecifier, { names, isErased: importsTypes(node.importClause) });
  }
  if (ts.isExportDeclaration(node)) {
    const names = exportedNames(node.exportClause);
    const isErased = node.isTypeOnly || areTypes(node.exportClause);
    return edgeTo(node.moduleSpecifier, { names, isErased, isStarExport: names.includes('*') });
  }
  if (ts.isExternalModuleReference(node)) return edgeTo(node.expression);
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
    return edgeTo(node.argument.literal, { isErased: true });
  }
  if (ts.isCallExpression(node) && loadsModule(node.expression)) {
    return edgeTo(node.arguments[0]);
  }
  return [];
}

function edgeTo(module: ts.Node | undefined, known: Partial<Edge> = {}): Edge[] {
  if (module === undefined || !ts.isStringLiteralLike(module)) return [];
  return [{ names: ['*'], isStarExport: false, isErased: false, ...known, specifier: module.text }];
}

function importedNames(clause: ts.ImportClause | undefined): string[] {
  const whole = clause?.name === undefined ? [] : ['*'];
  const bindings = clause?.namedBindings;
  if (bindings === undefined) return whole;
  return ts.isNamespaceImport(bindings) ? ['*'] : [...whole, ...bindings.elements.map(sourceName)];
}

function exportedNames(clause: ts.NamedExportBindings | undefined): string[] {
  return clause !== undefined && ts.isNamedExports(clause)
    ? clause.elements.map(sourceName)
    : ['*'];
}

function importsTypes(clause: ts.ImportClause | undefined): boolean {
  if (clause === undefined) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  return clause.name === undefined && areTypes(clause.namedBindings);
}

/** `{ type A, type B }`: named, and each of them a type. */
function areTypes(bindings: ts.NamedImportBindings | ts.NamedExportBindings | undefined): boolean {
  if (bindings === undefined || ts.isNamespaceImport(bindings) || ts.isNamespaceExport(bindings)) {
    return false;
  }
  return bindings.elements.length > 0 && bindings.elements.every(({ isTypeOnly }) => isTypeOnly);
}

/** `a` in `a as b`: the name on the module's side. */
function sourceName({ propertyName, name }: ts.ImportSpecifier | ts.ExportSpecifier): string {
  return (propertyName ?? name).text;
}

/** `import(…)`, `require(…)`, `require.resolve(…)`, `jest.mock(…)` and their relatives. */
function loadsModule(callee: ts.Expression): boolean {
  if (callee.kind === ts.SyntaxKind.ImportKeyword) return true;
  if (ts.isIdentifier(callee)) return callee.text === 'require';
  if (!ts.isPropertyAccessExpression(callee) || !ts.isIdentifier(callee.expression)) return false;
  return callee.expression.text === 'require' || callee.expression.text === 'jest';
}
