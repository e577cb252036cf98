import type {
  ListedStrategy,
  StoredStrategy,
  Strategy,
  StrategyBook,
} from '@candlekeep/strategies';

/** A book of strategies without a database, for one process. */
export class MemoryStrategyBook implements Pick<
  StrategyBook,
  'put' | 'find' | 'list' | 'remove' | 'setActive'
> {
  private readonly kept = new Map<string, StoredStrategy>();
  private changes = 0;

  put(
    strategy: Strategy,
    document: unknown,
    { isActive }: { readonly isActive?: boolean } = {},
  ): Promise<{ stored: StoredStrategy; isNew: boolean }> {
    const known = this.kept.get(strategy.id);
    const stored = this.keep({
      ...{ strategy, document, isActive: isActive ?? known?.isActive ?? false, revision: 0 },
      ...{ createdAtMs: known?.createdAtMs ?? 0, updatedAtMs: 0 },
    });
    return Promise.resolve({ stored, isNew: known === undefined });
  }

  find(id: string): Promise<StoredStrategy | undefined> {
    return Promise.resolve(this.kept.get(id));
  }

  list(): Promise<readonly ListedStrategy[]> {
    return Promise.resolve([...this.kept.values()]);
  }

  remove(id: string): Promise<boolean> {
    return Promise.resolve(this.kept.delete(id));
  }

  setActive(id: string, isActive: boolean): Promise<StoredStrategy | undefined> {
    const known = this.kept.get(id);
    return Promise.resolve(known === undefined ? undefined : this.keep({ ...known, isActive }));
  }

  private keep(changed: StoredStrategy): StoredStrategy {
    this.changes += 1;
    const stored = { ...changed, revision: this.changes };
    this.kept.set(stored.strategy.id, stored);
    return stored;
  }
}
