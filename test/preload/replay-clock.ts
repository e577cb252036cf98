import { Clock } from '@candlekeep/clock';

interface Alarm {
  readonly atMs: number;
  readonly ring: () => void;
}

/**
 * Virtual time, whole ms, that moves by `passTo` alone, and never while a server works for somebody: what is given to `hold` takes no
 * time at all. For days with many alarms and real servers.
 */
export class ReplayClock extends Clock {
  /** The next one last. */
  private readonly alarms: Alarm[] = [];
  private held = 0;
  private tokens = 0;
  private freed: () => void = () => undefined;

  constructor(
    private readonly startMs: number,
    private nowAtMs = startMs,
  ) {
    super();
  }

  override nowMs(): number {
    return this.nowAtMs;
  }

  override monotonicMs(): number {
    return this.nowAtMs - this.startMs;
  }

  override async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    await new Promise<void>((resolve) => {
      const leave = (): void => {
        this.remove(alarm);
        resolve();
      };
      const ring = (): void => {
        signal?.removeEventListener('abort', leave);
        resolve();
      };
      const alarm = { atMs: this.nowAtMs + Math.max(0, Math.ceil(ms)), ring };
      this.set(alarm);
      signal?.addEventListener('abort', leave, { once: true });
    });
    signal?.throwIfAborted();
  }

  override every(ms: number, task: () => void): () => void {
    let isStopped = false;
    let alarm = { atMs: this.nowAtMs, ring: (): void => undefined };
    const arm = (): void => {
      alarm = { atMs: alarm.atMs + ms, ring };
      this.set(alarm);
    };
    const ring = (): void => {
      task();
      if (!isStopped) arm();
    };
    arm();
    return () => {
      isStopped = true;
      this.remove(alarm);
    };
  }

  override random(): number {
    return 0.5;
  }

  override token(): string {
    this.tokens += 1;
    return `replay-${this.tokens}`;
  }

  /** Time stands still until the work has ended; ends as it does. */
  async hold<Result>(work: Promise<Result>): Promise<Result> {
    this.held += 1;
    try {
      return await work;
    } finally {
      this.held -= 1;
      if (this.held === 0) this.freed();
    }
  }

  /** Everything that can happen now has happened. */
  async settle(): Promise<void> {
    await turn();
    while (this.held > 0) {
      await new Promise<void>((resolve) => (this.freed = resolve));
      await turn();
    }
  }

  /** Time goes on to an instant, alarm by alarm. */
  async passTo(untilMs: number): Promise<void> {
    await this.settle();
    for (;;) {
      const next = this.alarms.at(-1);
      if (next === undefined || next.atMs > untilMs) break;
      this.nowAtMs = Math.max(this.nowAtMs, next.atMs);
      while (this.alarms.at(-1)?.atMs === next.atMs) this.alarms.pop()?.ring();
      await this.settle();
    }
    this.nowAtMs = Math.max(this.nowAtMs, untilMs);
  }

  /** Those of one instant ring in the order in which they were set. */
  private set(alarm: Alarm): void {
    let index = this.alarms.length;
    while ((this.alarms[index - 1]?.atMs ?? Infinity) <= alarm.atMs) index -= 1;
    this.alarms.splice(index, 0, alarm);
  }

  private remove(alarm: Alarm): void {
    const index = this.alarms.indexOf(alarm);
    if (index >= 0) this.alarms.splice(index, 1);
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
