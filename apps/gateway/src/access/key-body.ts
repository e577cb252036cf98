import { type ApiKey, DEFAULT_ROWS_PER_MINUTE, type NewKey } from '@candlekeep/access';

/** A key as `/api/keys` shows it. */
export function keyBody(key: ApiKey) {
  const { id, name, scopes, rowsPerMinute = DEFAULT_ROWS_PER_MINUTE } = key;
  return {
    ...{ id, name, scopes, rowsPerMinute },
    createdAt: instant(key.createdAtMs),
    revokedAt: instant(key.revokedAtMs),
    lastUsedAt: instant(key.lastUsedAtMs),
  };
}

/** A new key, with the text that is never shown again. */
export function newKeyBody({ key, text }: NewKey) {
  return { ...keyBody(key), key: text };
}

function instant(ms: number | undefined): string | null {
  return ms === undefined ? null : new Date(ms).toISOString();
}
