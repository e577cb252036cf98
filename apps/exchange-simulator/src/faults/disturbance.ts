import type { ServerResponse } from 'node:http';
import type { Clock } from '@candlekeep/clock';
import type { Message } from '../http/message';
import type { Reply } from '../http/reply';

/** Where an answer goes out. */
export interface Wire {
  readonly response: ServerResponse;
  readonly clock: Clock;
  /** Aborts when all faults are ended: what still holds an answer back gives up and cuts it. */
  readonly signal: AbortSignal;
}

/** What a fault does to one answer; what it leaves out stays as it is. */
export interface Disturbance {
  /** Replaces the exchange's answer, or returns it when it offers nothing to disturb. */
  readonly reply?: (reply: Reply) => Reply;
  /** Changes headers or bytes on their way out. */
  readonly message?: (message: Message) => Message;
  /** Sends, or does not; settles when nothing more will be done about the answer. */
  readonly send?: (message: Message, wire: Wire) => Promise<void>;
}
