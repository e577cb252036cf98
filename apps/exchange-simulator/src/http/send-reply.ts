import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '@candlekeep/clock';
import type { Disturbance } from '../faults/disturbance';
import { messageOf, type Answer } from './message';

/** Both ends of one call. */
export interface Exchanged {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** A fault on its way to an answer, and what it may need. */
export interface Spoiling {
  readonly disturbance: Disturbance;
  readonly clock: Clock;
  /** Aborts when all faults are ended. */
  readonly signal: AbortSignal;
}

/** Sends an answer with the exchange's headers and its own date; a fault may change it, or keep it back. */
export async function sendReply(
  { request, response }: Exchanged,
  answer: Answer,
  spoiling?: Spoiling,
): Promise<void> {
  response.sendDate = false;
  const { reply = same, message = same, send } = spoiling?.disturbance ?? {};
  const usual = await messageOf(request, { ...answer, reply: reply(answer.reply) });
  // Stated by hand, or Node would add a Keep-Alive header, which the exchange does not send.
  const Connection = response.shouldKeepAlive ? 'keep-alive' : 'close';
  const outgoing = message({ ...usual, headers: { ...usual.headers, Connection } });
  if (spoiling !== undefined && send !== undefined) {
    await send(outgoing, { response, clock: spoiling.clock, signal: spoiling.signal });
    return;
  }
  response.writeHead(outgoing.status, outgoing.headers);
  response.end(outgoing.payload);
}

function same<T>(value: T): T {
  return value;
}
