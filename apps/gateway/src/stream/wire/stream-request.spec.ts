import { StreamRefusal } from './stream-refusal';
import { readStreamRequest } from './stream-request';
import { mergeLines } from './merge-lines';

const ticket = { ticket: 'x' };
const trades = { type: 'trade', codes: ['KRW-BTC'] };

const FORMAT = '{"error":{"message":"Format 이 맞지 않습니다.","name":"WRONG_FORMAT"}}';
const TICKET =
  '{"error":{"name":"NO_TICKET","message":"티켓이 존재하지 않거나, 유효하지 않습니다."}}';
const unsupported = (type: string): string =>
  `{"error":{"message":"${type} 은 지원하지 않는 타입입니다.","name":"INVALID_PARAM"}}`;

function refusalOf(request: unknown): string {
  const text = typeof request === 'string' ? request : JSON.stringify(request);
  try {
    readStreamRequest(text);
    return 'none';
  } catch (error) {
    return error instanceof StreamRefusal ? error.text : String(error);
  }
}

describe('a request of the stream', () => {
  it('names types, codes, flags in both spellings, and a format', () => {
    const request = [
      ...[ticket, { type: 'candle.240m', codes: ['KRW-BTC', 'nope'], is_only_snapshot: true }],
      ...[{ ...trades, isOnlyRealtime: true }, { format: 'SIMPLE_LIST' }],
    ];
    expect(readStreamRequest(JSON.stringify(request))).toMatchObject({
      kind: 'subscribe',
      format: 'SIMPLE_LIST',
      lines: [
        { type: { name: 'candle.240m' }, codes: ['KRW-BTC', 'nope'], isOnlySnapshot: true },
        { type: { name: 'trade' }, isOnlySnapshot: false, isOnlyRealtime: true },
      ],
    });
  });

  it('has the format DEFAULT where it names none', () => {
    expect(readStreamRequest(JSON.stringify([ticket, trades]))).toMatchObject({
      format: 'DEFAULT',
    });
  });

  it('may ask what is followed instead', () => {
    const request = JSON.stringify([ticket, { method: 'LIST_SUBSCRIPTIONS' }]);
    const list = { kind: 'list', ticket: 'x', format: undefined };
    expect(readStreamRequest(request)).toEqual(list);
  });

  it.each<[unknown, string]>([
    ['hello', FORMAT],
    [{ ...ticket, ...trades }, FORMAT],
    [[ticket, 'trade'], FORMAT],
    [[ticket, { type: 7, codes: ['KRW-BTC'] }], FORMAT],
    [[ticket, { type: 'trade', codes: 'KRW-BTC' }], FORMAT],
    [[ticket, { ...trades, is_only_snapshot: 1 }], FORMAT],
    [[ticket, trades, { format: 1 }], FORMAT],
    [[], TICKET],
    [[trades], TICKET],
    [[{ ticket: '' }, trades], TICKET],
    [[ticket, { type: 'nope', codes: ['KRW-BTC'] }], unsupported('nope')],
    [[ticket, { type: 'orderbook', codes: ['KRW-BTC'] }], unsupported('orderbook')],
    [[ticket, { type: 'candle.1d', codes: ['KRW-BTC'] }], unsupported('candle.1d')],
    [[ticket, { type: 'candle.1h', codes: ['KRW-BTC'] }], unsupported('candle.1h')],
    [[ticket], '{"error":{"name":"NO_TYPE","message":"type 필드가 존재하지 않습니다."}}'],
    [
      [ticket, { type: 'trade' }],
      '{"error":{"name":"NO_CODES","message":"codes 필드가 존재하지 않습니다."}}',
    ],
    [
      [ticket, { type: 'trade', codes: [] }],
      '{"error":{"message":"codes 필드가 비어 있습니다.","name":"INVALID_PARAM"}}',
    ],
    [
      [ticket, trades, { format: 'SHORT' }],
      '{"error":{"message":"SHORT 은 지원하지 않는 포맷입니다.","name":"INVALID_PARAM"}}',
    ],
    [
      [ticket, { type: 'myOrder' }],
      '{"error":{"name":"INVALID_AUTH","message":"인증 정보가 올바르지 않습니다."}}',
    ],
  ])('%j is refused in the exchange’s words', (request, refusal) => {
    expect(refusalOf(request)).toBe(refusal);
  });

  it('that names a thing twice wants what either line wants', () => {
    const request = readStreamRequest(
      JSON.stringify([
        ...[ticket, { ...trades, is_only_snapshot: true }],
        ...[
          { ...trades, is_only_realtime: true },
          { type: 'ticker', codes: ['A', 'A'] },
        ],
      ]),
    );
    const lines = request.kind === 'subscribe' ? request.lines : [];
    const both = { snapshot: true, realtime: true };
    expect(mergeLines(lines)).toMatchObject([
      { type: { name: 'trade' }, code: 'KRW-BTC', terms: both },
      { type: { name: 'ticker' }, code: 'A', terms: both },
    ]);
  });
});
