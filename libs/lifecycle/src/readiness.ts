/** What a process needs to serve, by name; each check rejects when its part is away. */
export type ReadinessChecks = Readonly<Record<string, () => Promise<unknown>>>;

export interface Readiness {
  readonly status: 'ok' | 'unavailable';
  /** `ok`, or the reason, per part. */
  readonly parts: Readonly<Record<string, string>>;
}

/** Runs all checks at once. */
export async function runChecks(checks: ReadinessChecks): Promise<Readiness> {
  const parts = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => [name, await stateOf(check)] as const),
  );
  const isReady = parts.every(([, state]) => state === 'ok');
  return { status: isReady ? 'ok' : 'unavailable', parts: Object.fromEntries(parts) };
}

async function stateOf(check: () => Promise<unknown>): Promise<string> {
  try {
    await check();
    return 'ok';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
