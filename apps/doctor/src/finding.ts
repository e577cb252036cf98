/** How serious a finding is: `fail` keeps something from working, `warn` works and should not stay so. */
export type State = 'ok' | 'warn' | 'fail';

/** One line of the table. */
export interface Finding {
  /** What was looked at: `REDIS_URL eviction`. */
  readonly check: string;
  readonly state: State;
  readonly seen: string;
  /** What to do, when something is to be done. */
  readonly advice?: string;
}

export function ok(check: string, seen: string): Finding {
  return { check, state: 'ok', seen };
}

export function warn(check: string, seen: string, advice: string): Finding {
  return { check, state: 'warn', seen, advice };
}

export function fail(check: string, seen: string, advice: string): Finding {
  return { check, state: 'fail', seen, advice };
}

/** The most serious state among findings. */
export function worstOf(findings: readonly Finding[]): State {
  const states = findings.map(({ state }) => state);
  if (states.includes('fail')) return 'fail';
  return states.includes('warn') ? 'warn' : 'ok';
}

/** What was thrown, in one line: its root, since what stands above it speaks to a process that goes on. */
export function reasonOf(error: unknown): string {
  // Several addresses of one name, all tried: an error without a message of its own.
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join('; ');
  if (error instanceof Error && error.cause instanceof Error) return reasonOf(error.cause);
  const text = error instanceof Error ? error.message : String(error);
  return text.split('\n')[0] ?? '';
}
