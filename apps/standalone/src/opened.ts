type Close = () => Promise<void>;

/** What has been opened, to be closed in reverse order. */
export class Opened {
  private closings: readonly Close[] = [];

  get isEmpty(): boolean {
    return this.closings.length === 0;
  }

  add(close: Close): void {
    this.closings = [close, ...this.closings];
  }

  /** Closes each once, the last opened first. One that fails does not keep the others open; the first failure is thrown. */
  async closeAll(): Promise<void> {
    const failures: unknown[] = [];
    const closings = this.closings;
    this.closings = [];
    for (const close of closings) {
      await close().catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) throw failures[0];
  }
}
