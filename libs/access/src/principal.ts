import type { Scope } from './scope';

/** Who asks: a program with a key, a person who has logged in, or anybody where no key is asked for. */
export interface Principal {
  readonly kind: 'key' | 'session' | 'open';
  /** Of the key, or of the key that the session was opened with; `open` where there is none. */
  readonly id: string;
  /** As its key is called. */
  readonly name: string;
  readonly scopes: readonly Scope[];
}

/** Anybody, who may ask. Where no key is asked for at all, also change things. */
export function openPrincipal(...scopes: readonly Scope[]): Principal {
  return { kind: 'open', id: 'open', name: 'open', scopes };
}
