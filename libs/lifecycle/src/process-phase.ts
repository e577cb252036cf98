/** Where a process stands in its life. It serves in one of these only. */
export type Phase = 'connecting' | 'migrating' | 'warming' | 'serving' | 'draining';

/** The phase of one process: whoever opens its parts says it, and its readiness repeats it. */
export class ProcessPhase {
  private phase: Phase = 'connecting';
  private awaited: string | undefined;

  get current(): Phase {
    return this.phase;
  }

  /** Why the process does not serve, for people: its phase, and what that waits for. Empty while it serves. */
  get reasons(): readonly string[] {
    if (this.phase === 'serving') return [];
    return this.awaited === undefined ? [this.phase] : [this.phase, this.awaited];
  }

  /** Says what the phase waits for, such as a server that does not answer yet; until the next phase, or until it is said anew. */
  waitFor(what: string | undefined): void {
    this.awaited = what;
  }

  /** Begins a phase. A process that drains never serves again: nothing is heard after that. */
  enter(phase: Phase): void {
    if (this.phase === 'draining') return;
    this.phase = phase;
    this.awaited = undefined;
  }
}
