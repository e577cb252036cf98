import { once } from 'node:events';
import type { Lease, Term } from '@candlekeep/lease';
import { waitFor } from './app-process';

interface HeldLease {
  /** The newest one; undefined before the first. */
  readonly term: Term | undefined;
  /** Resolves when it is held no longer. */
  readonly stop: () => Promise<void>;
}

/** Leases that a test has others hold, and the terms that came of it. */
export class HeldLeases {
  /** In the order in which they began. */
  readonly terms: Term[] = [];
  private readonly running: { readonly stopping: AbortController; readonly held: Promise<void> }[] =
    [];
  private seen = 0;

  /** Holds a lease until it is stopped; its work lasts as long as its term. */
  hold(lease: Lease): HeldLease {
    const stopping = new AbortController();
    let newest: Term | undefined;
    const held = lease.hold(stopping.signal, async (term) => {
      newest = term;
      this.terms.push(term);
      if (!term.signal.aborted) await once(term.signal, 'abort');
    });
    this.running.push({ stopping, held });
    return {
      get term() {
        return newest;
      },
      stop: async () => {
        stopping.abort();
        await held;
      },
    };
  }

  /** The first term that was not asked for yet. */
  async nextTerm(): Promise<Term> {
    await waitFor(() => {
      if (this.terms.length <= this.seen) throw new Error(`no term after ${this.seen}`);
    });
    const term = this.terms[this.seen];
    if (term === undefined) throw new Error('a term is gone');
    this.seen += 1;
    return term;
  }

  async stop(): Promise<void> {
    for (const { stopping } of this.running) stopping.abort();
    await Promise.all(this.running.map(({ held }) => held));
  }
}
