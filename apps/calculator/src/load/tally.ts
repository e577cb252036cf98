/** What became of the questions of one run. */
export interface Figures {
  readonly answered: number;
  /** How long an answer took, ms; NaN where there was none. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly longestMs: number;
  /** Candle answers by where they came from, most first. */
  readonly sources: readonly (readonly [source: string, count: number])[];
  /** Failures by what was said, most first. */
  readonly errors: readonly (readonly [message: string, count: number])[];
}

/** Counts answers and failures while load is made. */
export class Tally {
  private readonly tookMs: number[] = [];
  private readonly sources = new Map<string, number>();
  private readonly errors = new Map<string, number>();

  answered(tookMs: number, sources: Iterable<string>): void {
    this.tookMs.push(tookMs);
    for (const source of sources) countOne(this.sources, source);
  }

  failed(error: unknown): void {
    countOne(this.errors, error instanceof Error ? error.message : String(error));
  }

  figures(): Figures {
    const sorted = [...this.tookMs].sort((a, b) => a - b);
    return {
      answered: sorted.length,
      ...{ p50Ms: rankOf(sorted, 0.5), p99Ms: rankOf(sorted, 0.99) },
      longestMs: sorted.at(-1) ?? NaN,
      ...{ sources: mostFirst(this.sources), errors: mostFirst(this.errors) },
    };
  }
}

/** The smallest value that at least `share` of all do not exceed. */
function rankOf(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? NaN;
}

function countOne(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

function mostFirst(counts: ReadonlyMap<string, number>): readonly (readonly [string, number])[] {
  return [...counts].sort(([, a], [, b]) => b - a);
}
