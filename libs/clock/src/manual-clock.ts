import { Clock } from './clock';

interface Alarm {
  readonly atMs: number;
  readonly ring: () => void;
}

/** A clock that only moves when a test says `advance(ms)`; chance and tokens are a fixed sequence. */
export class ManualClock extends Clock {
  private elapsedMs = 0;
  private tokens = 0;
  private alarms: Alarm[] = [];

  constructor(private readonly startMs = Date.UTC(2026, 0, 1)) {
    super();
  }

  override nowMs(): number {
    return this.startMs + this.elapsedMs;
  }

  override monotonicMs(): number {
    return this.elapsedMs;
  }

  override async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      this.alarms.push({ atMs: this.elapsedMs + ms, ring: wake });
      signal?.addEventListener('abort', wake, { once: true });
    });
    signal?.throwIfAborted();
  }

  override every(ms: number, task: () => void): () => void {
    let stopped = false;
    const arm = (): void => {
      this.alarms.push({ atMs: this.elapsedMs + ms, ring });
    };
    const ring = (): void => {
      if (stopped) return;
      task();
      arm();
    };
    arm();
    return () => {
      stopped = true;
    };
  }

  override random(): number {
    return 0.5;
  }

  override token(): string {
    this.tokens += 1;
    return `token-${this.tokens}`;
  }

  /** Moves time on, ringing every alarm in order, and lets the code that was woken run before it goes further. */
  async advance(ms: number): Promise<void> {
    const untilMs = this.elapsedMs + ms;
    for (let next = this.takeNext(untilMs); next !== undefined; next = this.takeNext(untilMs)) {
      this.elapsedMs = next.atMs;
      next.ring();
      await new Promise((settled) => setImmediate(settled));
    }
    this.elapsedMs = untilMs;
    await new Promise((settled) => setImmediate(settled));
  }

  private takeNext(untilMs: number): Alarm | undefined {
    const next = this.alarms
      .filter(({ atMs }) => atMs <= untilMs)
      .reduce<Alarm | undefined>(
        (a, b) => (a !== undefined && a.atMs <= b.atMs ? a : b),
        undefined,
      );
    this.alarms = this.alarms.filter((alarm) => alarm !== next);
    return next;
  }
}
