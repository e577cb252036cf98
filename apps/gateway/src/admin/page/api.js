/** Longest wait for an answer, ms: the gateway itself gives up after 8 s. */
const PATIENCE_MS = 12_000;

/** An answer that is none: `status` 0 when the gateway was not reached at all. */
export class NoAnswer extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/**
 * GETs JSON as somebody who looks at charts: whoever trades goes first, and while something is away what was known a day ago is better
 * than nothing. Throws `NoAnswer`.
 */
export async function read(path) {
  let response;
  try {
    response = await fetch(path, {
      headers: {
        accept: 'application/json',
        'cache-control': 'stale-if-error=86400',
        'x-candlekeep-class': 'chart',
        'x-candlekeep-caller': 'dashboard',
      },
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
  } catch {
    throw new NoAnswer(0, 'The gateway cannot be reached.');
  }
  const body = await response.json().catch(() => ({}));
  if (response.ok) return body;
  throw new NoAnswer(
    response.status,
    body.detail ?? body.reasons?.join(' ') ?? response.statusText,
  );
}

/** The same where a refusal has a body that says more than its status: health is 503 with reasons. */
export async function readAnyway(path) {
  try {
    const response = await fetch(path, { signal: AbortSignal.timeout(PATIENCE_MS) });
    return { status: response.status, body: await response.json() };
  } catch {
    return { status: 0, body: {} };
  }
}
