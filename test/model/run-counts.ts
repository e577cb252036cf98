/** What runs came to, for the reader of a test's output. */
export class RunCounts {
  runs = 0;
  steps = 0;
  reads = 0;
  calls = 0;
  answeredRows = 0;
  corrections = 0;
  private readonly endings = new Map<string, number>();

  /** How a read ended: the source of its answer, or the code of the refusal. */
  note(ending: string): void {
    this.endings.set(ending, (this.endings.get(ending) ?? 0) + 1);
  }

  toString(): string {
    const endings = [...this.endings]
      .sort(([, a], [, b]) => b - a)
      .map(([name, n]) => `${name} ${n}`);
    return (
      `${this.runs} runs, ${this.steps} steps, ${this.reads} reads (${endings.join(', ')}), ` +
      `${this.answeredRows} rows compared, ${this.calls} calls of the exchange`
    );
  }
}
