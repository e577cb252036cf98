import { CandlekeepError } from '@candlekeep/market';

/** Thrown while a stream request is read: the exchange answers `text` and ends the connection soon after. */
export class RefusedStreamRequest extends CandlekeepError {
  readonly code = 'REFUSED_STREAM_REQUEST';
  readonly retryable = false;

  constructor(readonly text: string) {
    super(`the stream request is refused: ${text}`);
  }
}

/** The exchange's refusals of a stream request; the order of their two keys varies there, and here in the same way. */
export const STREAM_REFUSALS = {
  noTicket: nameFirst('NO_TICKET', '티켓이 존재하지 않거나, 유효하지 않습니다.'),
  noType: nameFirst('NO_TYPE', 'type 필드가 존재하지 않습니다.'),
  noCodes: nameFirst('NO_CODES', 'codes 필드가 존재하지 않습니다.'),
  noAuth: nameFirst('INVALID_AUTH', '인증 정보가 올바르지 않습니다.'),
  wrongFormat: messageFirst('WRONG_FORMAT', 'Format 이 맞지 않습니다.'),
  emptyCodes: messageFirst('INVALID_PARAM', 'codes 필드가 비어 있습니다.'),
  overLimit: nameFirst('TOO_MANY_REQUESTS', 'Too many API requests.'),
} as const;

/** Refuses a `type` that the exchange does not stream. */
export function unknownType(type: string): string {
  return messageFirst('INVALID_PARAM', `${type} 은 지원하지 않는 타입입니다.`);
}

/** Refuses a `format` that the exchange does not write. */
export function unknownFormat(format: string): string {
  return messageFirst('INVALID_PARAM', `${format} 은 지원하지 않는 포맷입니다.`);
}

function nameFirst(name: string, message: string): string {
  return JSON.stringify({ error: { name, message } });
}

function messageFirst(name: string, message: string): string {
  return JSON.stringify({ error: { message, name } });
}
