import { readFileSync } from 'node:fs';
import path from 'node:path';

/** The text of a recorded answer, byte for byte; `captures/SOURCES.md` says what there is. */
export function capturedBody(name: string): string {
  return readFileSync(path.join(__dirname, '..', 'captures', `${name}.body`), 'utf8');
}

/** A member's value in a JSON text, as its own text without quotation marks; empty when there is none. */
export function textOf(json: string, key: string): string {
  return new RegExp(`"${key}":"?([^,"}]+)`).exec(json)?.[1] ?? '';
}
