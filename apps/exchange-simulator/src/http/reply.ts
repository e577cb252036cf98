import { CandlekeepError } from '@candlekeep/market';

/** An answer before it has headers: status, media type and the exact body. */
export interface Reply {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  /** Headers of this answer alone; they go before the exchange's usual ones. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** The media type of everything that is JSON. */
export const JSON_TYPE = 'application/json;charset=UTF-8';
const TEXT_TYPE = 'text/plain;charset=UTF-8';

/** A successful answer; `body` is JSON text that is already in the exchange's form. */
export function okReply(body: string): Reply {
  return { status: 200, contentType: JSON_TYPE, body };
}

/** How a 418 says for how long, or that it does not; the exchange's own form was never captured. */
export type BlockForm = 'text' | 'json' | 'header' | 'unstated';

/** The answer to a blocked address, with what is left of the block in whole seconds, rounded up. */
export function blockedReply(leftMs: number, form: BlockForm): Reply {
  const seconds = Math.ceil(leftMs / 1_000);
  const message = `This IP is blocked for ${seconds} seconds.`;
  if (form === 'json') return errorReply(418, 418, message);
  const plain = { status: 418, contentType: TEXT_TYPE };
  if (form === 'text') return { ...plain, body: message };
  const blocked = { ...plain, body: 'Blocked.' };
  if (form === 'unstated') return blocked;
  return { ...blocked, headers: { 'Retry-After': String(seconds) } };
}

function errorReply(status: number, name: number | string, message: string): Reply {
  return { status, contentType: JSON_TYPE, body: JSON.stringify({ error: { name, message } }) };
}

/** The exchange's refusals, byte for byte. */
export const REFUSALS = {
  unknownMarket: errorReply(404, 404, 'Code not found'),
  missingParameter: errorReply(
    400,
    400,
    'Missing request parameter error. Check the required parameters!',
  ),
  wrongType: errorReply(400, 400, 'Type mismatch error. Check the parameters type!'),
  invalidParameter: errorReply(400, 400, 'Invalid parameter. Check the given value!'),
  invalidUnit: errorReply(400, 400, 'specified unit is not valid.'),
  noRoute: errorReply(404, 'not_found', 'no Route matched with those values'),
  overLimit: {
    status: 429,
    contentType: TEXT_TYPE,
    body: 'Too many API requests.',
  },
} as const satisfies Record<string, Reply>;

/** Thrown while a request is read: the exchange answers `reply` instead of data. */
export class Refused extends CandlekeepError {
  readonly code = 'REFUSED';
  readonly retryable = false;

  constructor(readonly reply: Reply) {
    super(`the request is refused with ${reply.status}: ${reply.body}`);
  }
}
