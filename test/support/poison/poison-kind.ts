/** A key that is poisoned. */
export interface Poisoned {
  /** That stands there now. */
  readonly key: () => string;
  /** Of the value, where there is none at the moment. Default: none. */
  readonly type?: string;
  /** Fields of the hash that are not always there, and are poisoned as well. */
  readonly fields?: readonly string[];
  /** Lies in the shape of ours, which nobody can find out. */
  readonly except?: RegExp;
}

/** One kind of key, and the ordinary work of the processes that keep it. */
export interface PoisonKind extends Poisoned {
  /** As `keys` of libs/redis names it. */
  readonly name: string;
  /**
   * Does what processes do with it all the time, from reading to writing anew. Resolves to what came of it, which must be the same whatever had
   * stood there.
   */
  readonly act: () => Promise<unknown>;
  /** Of these nothing can be told: they might have been written by us, or nobody reads them. */
  readonly silent?: RegExp;
  /** Of these one a minute is told, and each is counted. */
  readonly quiet?: RegExp;
}
