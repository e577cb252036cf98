import { z } from 'zod';
import { findPortFault } from '../../../standalone/src/ports/free-port';
import { urlAt } from '../../../standalone/src/ports/url-at';
import { type Finding, fail, ok, warn } from '../finding';

const ANSWER_WITHIN_MS = 5_000;

const readiness = z.looseObject({
  status: z.enum(['ok', 'unavailable']),
  parts: z.record(z.string(), z.string()).default({}),
  reasons: z.array(z.string()).default([]),
});
type Readiness = z.infer<typeof readiness>;

/** Where a gateway listens, or would. */
export interface Door {
  readonly host: string;
  readonly port: number;
}

/** Whether a gateway of ours answers there and is well, or else the port is free for one. */
export async function checkDoor({ host, port }: Door): Promise<Finding[]> {
  const [portCheck, gatewayCheck] = [`port ${port} of ${host}`, 'gateway'];
  if (port === 0) return [ok(portCheck, 'any free one is taken')];
  const url = urlAt(host, port);
  const health = await findHealth(url);
  if (health !== undefined) {
    return [ok(portCheck, 'Candlekeep itself has it'), judgeHealth(health, url)];
  }
  const none = ok(gatewayCheck, `none runs at ${url}`);
  return [await checkPort(portCheck, { host, port }), none];
}

/** Whether we could listen there. */
export async function checkPort(check: string, { host, port }: Door): Promise<Finding> {
  const fault = await findPortFault(host, port);
  return fault === undefined ? ok(check, 'free') : fail(check, fault.what, fault.remedy);
}

/** What is not there is what a gateway needs and cannot reach; the rest passes by itself. */
export function judgeHealth({ status, parts, reasons }: Readiness, url: string): Finding {
  if (status === 'ok') return ok('gateway', `ready at ${url}`);
  const away = Object.entries(parts).filter(([, state]) => state !== 'ok');
  if (away.length === 0) {
    const seen = `not ready: ${reasons.join('; ') || 'it does not say why'}`;
    return warn('gateway', seen, 'look again in a minute; its log says what it waits for');
  }
  const seen = `not ready: ${away.map(([name, state]) => `${name}: ${state}`).join('; ')}`;
  return fail('gateway', seen, 'mend what it names; it becomes ready by itself');
}

/** The health that a gateway tells; undefined when nobody answers there, or not as a gateway does. */
async function findHealth(url: string): Promise<Readiness | undefined> {
  try {
    const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
    const response = await fetch(`${url}/health/ready`, { signal, redirect: 'error' });
    return readiness.parse(await response.json());
  } catch {
    return undefined;
  }
}
