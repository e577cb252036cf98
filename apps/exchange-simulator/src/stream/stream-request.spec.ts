import { RefusedStreamRequest } from './stream-refusal';
import { readStreamRequest } from './stream-request';

const line = { type: 'trade', codes: ['KRW-BTC'] };

function refusalOf(request: unknown): string {
  try {
    readStreamRequest(typeof request === 'string' ? request : JSON.stringify(request));
  } catch (error) {
    if (error instanceof RefusedStreamRequest) return error.text;
    throw error;
  }
  return 'accepted';
}

describe('a stream request', () => {
  it('is read with its lines in their order and its format, wherever that stands', () => {
    const candles = { type: 'candle.240m', codes: ['KRW-BTC', 'krw-eth'], is_only_snapshot: true };
    const text = JSON.stringify([{ format: 'SIMPLE' }, candles, { ticket: 'x' }, line]);
    expect(readStreamRequest(text)).toMatchObject({
      kind: 'subscribe',
      format: 'SIMPLE',
      lines: [
        { channel: { type: 'candle.240m' }, codes: ['KRW-BTC', 'krw-eth'], isOnlySnapshot: true },
        { channel: { type: 'trade' }, isOnlySnapshot: false, isOnlyRealtime: false },
      ],
    });
  });

  it('may use the flags by their old names', () => {
    const text = JSON.stringify([{ ticket: 'x' }, { ...line, isOnlyRealtime: true }]);
    expect(readStreamRequest(text)).toMatchObject({ lines: [{ isOnlyRealtime: true }] });
  });

  it('may ask for the list of subscriptions instead', () => {
    const text = JSON.stringify([{ ticket: 'x' }, { method: 'LIST_SUBSCRIPTIONS' }]);
    expect(readStreamRequest(text)).toEqual({ kind: 'list', ticket: 'x', format: undefined });
  });

  const wrongFormat = '{"error":{"message":"Format 이 맞지 않습니다.","name":"WRONG_FORMAT"}}';
  const noTicket =
    '{"error":{"name":"NO_TICKET","message":"티켓이 존재하지 않거나, 유효하지 않습니다."}}';
  it.each([
    ['text that is no JSON', 'nonsense', wrongFormat],
    ['an object', { ticket: 'x' }, wrongFormat],
    ['codes that are no list', [{ ticket: 'x' }, { type: 'trade', codes: 'KRW-BTC' }], wrongFormat],
    ['a flag that is none', [{ ticket: 'x' }, { ...line, is_only_snapshot: 'yes' }], wrongFormat],
    ['an empty list', [], noTicket],
    ['a blank ticket', [{ ticket: '' }, line], noTicket],
    [
      'a type that is not streamed',
      [{ ticket: 'x' }, { type: 'nope', codes: ['KRW-BTC'] }],
      '{"error":{"message":"nope 은 지원하지 않는 타입입니다.","name":"INVALID_PARAM"}}',
    ],
    [
      'candles of a day',
      [{ ticket: 'x' }, { type: 'candle.1d', codes: ['KRW-BTC'] }],
      '{"error":{"message":"candle.1d 은 지원하지 않는 타입입니다.","name":"INVALID_PARAM"}}',
    ],
    [
      'hours by another name',
      [{ ticket: 'x' }, { type: 'candle.1h', codes: ['KRW-BTC'] }],
      '{"error":{"message":"candle.1h 은 지원하지 않는 타입입니다.","name":"INVALID_PARAM"}}',
    ],
    [
      'no line',
      [{ ticket: 'x' }],
      '{"error":{"name":"NO_TYPE","message":"type 필드가 존재하지 않습니다."}}',
    ],
    [
      'a line without codes',
      [{ ticket: 'x' }, { type: 'trade' }],
      '{"error":{"name":"NO_CODES","message":"codes 필드가 존재하지 않습니다."}}',
    ],
    [
      'a line with no code',
      [{ ticket: 'x' }, { type: 'trade', codes: [] }],
      '{"error":{"message":"codes 필드가 비어 있습니다.","name":"INVALID_PARAM"}}',
    ],
    [
      'an unknown format',
      [{ ticket: 'x' }, line, { format: 'SHORT' }],
      '{"error":{"message":"SHORT 은 지원하지 않는 포맷입니다.","name":"INVALID_PARAM"}}',
    ],
    [
      'a private type',
      [{ ticket: 'x' }, { type: 'myOrder', codes: ['KRW-BTC'] }],
      '{"error":{"name":"INVALID_AUTH","message":"인증 정보가 올바르지 않습니다."}}',
    ],
  ])('with %s is refused in the exchange’s words', (_what, request, refusal) => {
    expect(refusalOf(request)).toBe(refusal);
  });
});
