import {
  type ListedStrategy,
  type StoredStrategy,
  type Strategy,
  type StrategyBook,
  StrategyRefused,
  type UnreadableStrategy,
} from '@candlekeep/strategies';

/** A book of strategies without a database, for one process. */
export class MemoryStrategyBook implements Pick<
  StrategyBook,
  'put' | 'find' | 'list' | 'remove' | 'setActive'
> {
  private readonly kept = new Map<string, ListedStrategy>();
  private changes = 0;

  put(
    strategy: Strategy,
    document: unknown,
    { isActive }: { readonly isActive?: boolean } = {},
  ): Promise<{ stored: StoredStrategy; isNew: boolean }> {
    const known = this.kept.get(strategy.id);
    const stored = {
      ...{ strategy, document, isActive: isActive ?? known?.isActive ?? false },
      ...{ createdAtMs: known?.createdAtMs ?? 0, updatedAtMs: 0, revision: this.change() },
    };
    this.kept.set(strategy.id, stored);
    return Promise.resolve({ stored, isNew: known === undefined });
  }

  /** As another version of the product leaves one. */
  leaveUnreadable(id: string, isActive: boolean): void {
    const unreadable: UnreadableStrategy = {
      ...{ id, unreadable: 'entry: none', document: {}, isActive, revision: this.change() },
      ...{ createdAtMs: 0, updatedAtMs: 1 },
    };
    this.kept.set(id, unreadable);
  }

  find(id: string): Promise<StoredStrategy | undefined> {
    const known = this.kept.get(id);
    if (known === undefined || !('unreadable' in known)) return Promise.resolve(known);
    const problems = [{ field: 'entry', expected: 'none' }];
    return Promise.reject(new StrategyRefused(`strategy "${id}"`, problems));
  }

  list(): Promise<readonly ListedStrategy[]> {
    return Promise.resolve([...this.kept.values()]);
  }

  remove(id: string): Promise<boolean> {
    return Promise.resolve(this.kept.delete(id));
  }

  setActive(id: string, isActive: boolean): Promise<ListedStrategy | undefined> {
    const known = this.kept.get(id);
    if (known === undefined) return Promise.resolve(undefined);
    const switched = { ...known, isActive, revision: this.change() };
    this.kept.set(id, switched);
    return Promise.resolve(switched);
  }

  private change(): number {
    this.changes += 1;
    return this.changes;
  }
}
