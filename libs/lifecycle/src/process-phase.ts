/** Where a process stands in its life. It serves in one of these only. */
export type Phase = 'connecting' | 'migrating' | 'warming' | 'serving' | 'draining';

/** The phase of one process: whoever opens its parts says it, and its readiness repeats it. */
export class ProcessPhase {
  private phase: Phase = 'connecting';

  get current(): Phase {
    return this.phase;
  }

  /** Begins a phase. A process that drains never serves again: nothing is heard after that. */
  enter(phase: Phase): void {
    if (this.phase !== 'draining') this.phase = phase;
  }
}
