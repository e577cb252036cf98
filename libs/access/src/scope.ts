/** What a key may do: `read` is every question; `admin` is everything, `read` included. */
export const SCOPES = ['read', 'admin'] as const;

export type Scope = (typeof SCOPES)[number];

export function isScope(text: string): text is Scope {
  return SCOPES.some((scope) => scope === text);
}

/** All that a key of this scope may do. */
export function scopesWithin(scope: Scope): readonly Scope[] {
  return scope === 'admin' ? SCOPES : ['read'];
}
