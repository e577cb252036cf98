import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { type Demand, isReading } from './demand';
import { isPassedOn } from './forwarding';
import { type GateRefusal, gateRefusals } from './gate-refusal';
import { isOfThisMachine, isUnclaimable } from './local-name';
import { isFromStrangersPage } from './same-origin';

/** A request without a key, where none is asked for: one that is not for what the exchange shows everybody. */
export interface Keyless {
  readonly request: {
    readonly method: string;
    readonly headers: IncomingHttpHeaders;
    readonly raw: Pick<IncomingMessage, 'headers' | 'httpVersion'>;
  };
  readonly demand: Demand;
  /** Whether it came by a door that is meant for this machine alone. */
  readonly isLocalDoor: boolean;
}

/**
 * Why it is refused all the same. A door on loopback is open because only this machine can come: whoever shows that they come from
 * elsewhere, through a proxy or as a web page that took a name of its own for this machine, reads what the exchange shows everybody,
 * and nothing else. Everywhere, no web page but our own changes anything, and keys are made and revoked by who shows one.
 */
export function refusalWithoutKey(asked: Keyless): GateRefusal | undefined {
  const { request, demand, isLocalDoor } = asked;
  const changes = demand.scope === 'admin' && !isReading(request.method);
  const { host, origin } = request.headers;
  if (isLocalDoor) {
    if (isPassedOn(request.raw)) return gateRefusals.passedOn();
    if (!isOfThisMachine(host)) return gateRefusals.foreignName();
  } else if (changes && !isUnclaimable(host)) return gateRefusals.claimableName();
  // A link on another page leads to the dashboard without an Origin; what a script there reads comes with one.
  const isWatched = changes || (demand.isConsole && origin !== undefined);
  if (isWatched && isFromStrangersPage(request)) return gateRefusals.forged();
  return demand.changesKeys ? gateRefusals.keysTakeAKey() : undefined;
}

/** Why a web page may not follow the stream at a door that is meant for this machine: it took a name of its own for it. */
export function refusalOfPage({ host, origin }: IncomingHttpHeaders): GateRefusal | undefined {
  return origin === undefined || isOfThisMachine(host) ? undefined : gateRefusals.foreignName();
}
