import type { BuildInfo } from './build-info';
import type { ProcessPhase } from './process-phase';

/** What a process needs to serve, by name; each check rejects when its part is away. */
export type ReadinessChecks = Readonly<Record<string, () => Promise<unknown>>>;

export interface ReadinessParts {
  readonly checks: ReadinessChecks;
  readonly phase: ProcessPhase;
  readonly build: BuildInfo;
  /** When the process began, epoch ms. */
  readonly startedAtMs: number;
}

export interface Readiness {
  readonly status: 'ok' | 'unavailable';
  /** The phase of a process that does not serve yet, or not any more, and each part that is away with what is wrong. */
  readonly reasons: readonly string[];
  /** `ok`, or what is wrong, per part. */
  readonly parts: Readonly<Record<string, string>>;
  readonly build: BuildInfo & { readonly startedAt: string };
}

/** Whether the process can serve: its phase, and all checks at once. */
export async function readinessOf(parts: ReadinessParts): Promise<Readiness> {
  const states = await Promise.all(
    Object.entries(parts.checks).map(
      async ([name, check]) => [name, await stateOf(check)] as const,
    ),
  );
  const away = states.filter(([, state]) => state !== 'ok');
  const reasons = [...parts.phase.reasons, ...away.map(([name, state]) => `${name}: ${state}`)];
  return {
    status: reasons.length === 0 ? 'ok' : 'unavailable',
    ...{ reasons, parts: Object.fromEntries(states) },
    build: { ...parts.build, startedAt: new Date(parts.startedAtMs).toISOString() },
  };
}

async function stateOf(check: () => Promise<unknown>): Promise<string> {
  try {
    await check();
    return 'ok';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
