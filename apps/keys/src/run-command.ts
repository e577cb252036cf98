import { type ApiKey, DEFAULT_ROWS_PER_MINUTE, type KeyBook } from '@candlekeep/access';
import type { Command } from './command-line';

/** Where results go, and what is said beside them. */
export interface Output {
  /** A result, for people and for other programs. */
  print(line: string): void;
  /** What only people want to know. */
  tell(line: string): void;
}

const COLUMNS = ['id', 'name', 'scope', 'rows a minute', 'created', 'last used', 'state'] as const;

/** A command that looks into the book of keys. */
export type BookCommand = Exclude<Command, { readonly kind: 'help' }>;

/** Does it, and resolves to the exit code: 0 when it is done. */
export async function runCommand(
  command: BookCommand,
  out: Output,
  book: Pick<KeyBook, 'create' | 'list' | 'revoke'>,
): Promise<number> {
  switch (command.kind) {
    case 'create': {
      const { key, text } = await book.create(command.wish);
      out.tell(`Key ${key.id} (${key.name}, ${scopeOf(key)}). It is shown this once:`);
      out.print(text);
      return 0;
    }
    case 'list':
      for (const line of tableOf(await book.list())) out.print(line);
      return 0;
    case 'revoke': {
      const revoked = await book.revoke(command.id);
      if (revoked === undefined) {
        out.tell(`There is no active key ${command.id}: npm run keys -- list shows them.`);
        return 1;
      }
      out.tell(`${revoked.name} (${revoked.id}) is revoked; gateways refuse it within 2 seconds.`);
      return 0;
    }
  }
}

function tableOf(keys: readonly ApiKey[]): readonly string[] {
  if (keys.length === 0) return ['There is no key yet: npm run keys -- create --name bots'];
  const rows = [COLUMNS, ...keys.map(cellsOf)];
  const widths = COLUMNS.map((_, column) =>
    Math.max(...rows.map((cells) => cells[column]?.length ?? 0)),
  );
  return rows.map((cells) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

function cellsOf(key: ApiKey): readonly string[] {
  const { rowsPerMinute = DEFAULT_ROWS_PER_MINUTE } = key;
  return [
    ...[key.id, key.name, scopeOf(key), String(rowsPerMinute)],
    ...[minuteOf(key.createdAtMs), minuteOf(key.lastUsedAtMs)],
    key.revokedAtMs === undefined ? 'active' : `revoked ${minuteOf(key.revokedAtMs)}`,
  ];
}

function scopeOf({ scopes }: ApiKey): string {
  return scopes.includes('admin') ? 'admin' : 'read';
}

function minuteOf(ms: number | undefined): string {
  return ms === undefined ? '-' : `${new Date(ms).toISOString().slice(0, 16)}Z`;
}
