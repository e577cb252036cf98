import type { Clock } from '@candlekeep/clock';

/** One holding of a lease, from when it was taken until it is lost, given up or given back. */
export interface Term {
  /** Larger than that of every term before, in whatever process. */
  readonly token: number;
  /** Aborts when the lease is lost or about to be; its reason is a {@link TermOver}. */
  readonly signal: AbortSignal;
  /** A refusal showed a newer token: gives up this term. The next one of this process has a larger token than `seenToken`. */
  depose(seenToken?: number): void;
}

/** Why a term has ended. */
export class TermOver extends Error {
  constructor(
    readonly kind: 'stopped' | 'lost' | 'ran-out' | 'deposed' | 'done',
    message: string,
  ) {
    super(message);
    this.name = new.target.name;
  }
}

/** A term as its holder counts it: by the monotonic clock, from before the call that gave it or prolonged it was sent. */
export class HeldTerm implements Term {
  /** The largest token that this process knows of. */
  seenToken: number;
  private readonly ending = new AbortController();
  private safeUntilMs: number;

  /**
   * @param sentAtMs when the call left, by the monotonic clock
   * @param safeMs how long after a call the lease is surely held
   */
  constructor(
    private readonly clock: Clock,
    private readonly grant: {
      readonly holder: string;
      readonly token: number;
      readonly sentAtMs: number;
      readonly safeMs: number;
    },
  ) {
    this.seenToken = grant.token;
    this.safeUntilMs = grant.sentAtMs + grant.safeMs;
    this.endIfRunOut();
  }

  get holder(): string {
    return this.grant.holder;
  }

  get token(): number {
    return this.grant.token;
  }

  get signal(): AbortSignal {
    return this.ending.signal;
  }

  /** Takes a renewal into account. One whose answer comes when the lease may have run out does not bring it back. */
  prolong(sentAtMs: number): void {
    this.endIfRunOut();
    this.safeUntilMs = Math.max(this.safeUntilMs, sentAtMs + this.grant.safeMs);
  }

  depose(seenToken = this.token): void {
    this.seenToken = Math.max(this.seenToken, seenToken);
    this.end('deposed', `somebody has written under the newer token ${seenToken}`);
  }

  /** The first word counts. */
  end(kind: TermOver['kind'], message: string): void {
    this.ending.abort(new TermOver(kind, message));
  }

  /** Ends the term when it may run out; resolves when it is over, whyever. */
  async watch(): Promise<void> {
    while (!this.signal.aborted) {
      const leftMs = this.safeUntilMs - this.clock.monotonicMs();
      if (leftMs > 0) await this.clock.sleep(leftMs, this.signal).catch(() => undefined);
      this.endIfRunOut();
    }
  }

  private endIfRunOut(): void {
    if (this.clock.monotonicMs() < this.safeUntilMs) return;
    this.end('ran-out', 'it could not be renewed in time');
  }
}
