import type { Principal } from '../principal';
import type { ActiveKey } from './api-key';
import { hashOfSecret, isSecretOf, parseKeyText } from './key-text';

/** A key that was shown and is right. */
export interface Holder {
  readonly principal: Principal;
  /** Undefined is the gateway's default. */
  readonly rowsPerMinute: number | undefined;
}

interface Kept extends Holder {
  readonly secretHash: Buffer;
}

/** Against it a secret is held where there is no key of that name: that takes as long as a wrong secret does. */
const NOBODYS_HASH = hashOfSecret('');

/** The keys that may ask now, in memory: who shows one is known without asking any server. */
export class KeyRing {
  private kept: ReadonlyMap<string, Kept> = new Map();

  get size(): number {
    return this.kept.size;
  }

  /** Takes these for all that there are. */
  replace(keys: readonly ActiveKey[]): void {
    this.kept = new Map(keys.map((key) => [key.id, keptOf(key)]));
  }

  /** Takes one for gone, whatever was heard of it before. */
  forget(id: string): void {
    this.kept = new Map([...this.kept].filter(([known]) => known !== id));
  }

  /** Who shows this text; undefined when it is no key that may ask. */
  find(text: string): Holder | undefined {
    const shown = parseKeyText(text);
    if (shown === undefined) return undefined;
    const kept = this.kept.get(shown.id);
    const isRight = isSecretOf(shown.secret, kept?.secretHash ?? NOBODYS_HASH);
    return isRight ? kept : undefined;
  }

  /** The holder of a key by the key's id, for who has proved to be it before. */
  named(id: string): Holder | undefined {
    return this.kept.get(id);
  }
}

function keptOf({ id, name, scopes, rowsPerMinute, secretHash }: ActiveKey): Kept {
  return { principal: { kind: 'key', id, name, scopes }, rowsPerMinute, secretHash };
}
