import type { Scope } from '../scope';

/** A key as people see it: everything but its secret. */
export interface ApiKey {
  readonly id: string;
  /** 1 to 64 letters, digits, or characters of `_.:-`: callers that say no name of their own are known by it. */
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** Rows that may be answered in a minute; undefined is the gateway's default. */
  readonly rowsPerMinute: number | undefined;
  readonly createdAtMs: number;
  readonly revokedAtMs: number | undefined;
  readonly lastUsedAtMs: number | undefined;
}

/** What a new key is to be. */
export interface KeyWish {
  readonly name: string;
  /** Default `read`. */
  readonly scope?: Scope;
  readonly rowsPerMinute?: number;
}

/** A key that may ask now, and what its secret is judged by. */
export interface ActiveKey extends Pick<ApiKey, 'id' | 'name' | 'scopes' | 'rowsPerMinute'> {
  readonly secretHash: Buffer;
}

/** The largest quota that a key can be given, rows a minute: more than all candles that there are. */
export const MOST_ROWS_PER_MINUTE = 1_000_000_000_000;

const NAME = /^[A-Za-z0-9_.:-]{1,64}$/;

/** What may be the name of a key; it is also what a caller may call itself. */
export function isKeyName(text: string): boolean {
  return NAME.test(text);
}
