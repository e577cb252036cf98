import type { AskedQuestion } from './asked-question';

/** Questions of a caller that what it asks next may follow. */
const PREDECESSORS = 8;

interface Recent {
  readonly asked: AskedQuestion;
  readonly atMs: number;
}

/** The newest questions of each caller, each at its newest; the callers that asked last are remembered. */
export class RecentlyAsked {
  private readonly callers = new Map<string, readonly Recent[]>();

  constructor(private readonly mostCallers: number) {}

  /** Questions that this caller asked at `sinceMs` or later. */
  before(caller: string, sinceMs: number): readonly AskedQuestion[] {
    const known = this.callers.get(caller) ?? [];
    return known.filter(({ atMs }) => atMs >= sinceMs).map(({ asked }) => asked);
  }

  add(caller: string, asked: AskedQuestion, atMs: number): void {
    const others = (this.callers.get(caller) ?? []).filter((recent) => recent.asked !== asked);
    this.callers.delete(caller);
    this.callers.set(caller, [...others, { asked, atMs }].slice(-PREDECESSORS));
    if (this.callers.size <= this.mostCallers) return;
    const [longestSilent] = this.callers.keys();
    if (longestSilent !== undefined) this.callers.delete(longestSilent);
  }
}
