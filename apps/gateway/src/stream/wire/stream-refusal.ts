/** A request that is answered with an error frame and the end of the connection. */
export class StreamRefusal extends Error {
  constructor(
    /** The frame, as the exchange writes it. */
    readonly text: string,
  ) {
    super(`the stream request was refused: ${text}`);
  }
}

/** The exchange's refusals. `NO_TICKET`, `WRONG_FORMAT`, an unknown type and `INVALID_AUTH` in its captured words; the others have its names. */
export const streamRefusals = {
  wrongFormat: () => refusal('WRONG_FORMAT', 'Format 이 맞지 않습니다.'),
  noTicket: () => refusal('NO_TICKET', '티켓이 존재하지 않거나, 유효하지 않습니다.'),
  noType: () => refusal('NO_TYPE', 'type 필드가 존재하지 않습니다.'),
  noCodes: () => refusal('NO_CODES', 'codes 필드가 존재하지 않습니다.'),
  emptyCodes: () => refusal('INVALID_PARAM', 'codes 필드가 비어 있습니다.'),
  unknownType: (type: string) => refusal('INVALID_PARAM', `${type} 은 지원하지 않는 타입입니다.`),
  unknownFormat: (format: string) =>
    refusal('INVALID_PARAM', `${format} 은 지원하지 않는 포맷입니다.`),
  noAuth: () => refusal('INVALID_AUTH', '인증 정보가 올바르지 않습니다.'),
  tooManyMessages: () => refusal('TOO_MANY_REQUESTS', 'Too many API requests.'),
} as const;

/** The order of the two members is that of the captured frames; it differs by name. */
function refusal(name: string, message: string): StreamRefusal {
  const isMessageFirst = name === 'WRONG_FORMAT' || name === 'INVALID_PARAM';
  const error = isMessageFirst ? { message, name } : { name, message };
  return new StreamRefusal(JSON.stringify({ error }));
}
