import { once } from 'node:events';
import fc from 'fast-check';
import { SystemClock } from '@candlekeep/clock';
import { type RawData, WebSocket } from 'ws';
import { z } from 'zod';
import { hostileText, hostileValue, jsonText } from './hostile-values';

/** What a client of the stream says, one thing after another. */
export interface StreamTalk {
  readonly said: readonly (string | Buffer)[];
  readonly ending: 'close' | 'cut' | 'ping and cut';
}

const clock = new SystemClock();
const LISTEN_MS = 120;
/** How connections may end: rightly, or for a breach of the protocol that has a name (RFC 6455, 7.4.1). */
const CLOSES: readonly number[] = [1_000, 1_001, 1_002, 1_003, 1_005, 1_006, 1_007, 1_009];
const frame = z.union([
  z.looseObject({ type: z.string() }),
  z.looseObject({ ty: z.string() }),
  z.looseObject({ status: z.literal('UP') }),
  z.looseObject({ method: z.literal('LIST_SUBSCRIPTIONS') }),
  z.object({ error: z.object({ name: z.string().min(3), message: z.string().min(3) }) }),
]);

const type = fc.oneof(
  fc.constantFrom(
    'ticker',
    'trade',
    'orderbook',
    'candle.1s',
    'candle.1m',
    'candle.240m',
    'myOrder',
  ),
  hostileValue,
);
const codes = fc.oneof(
  fc.constantFrom<unknown>(['KRW-BTC'], ['KRW-ETH', 'KRW-NOPE'], [], ['krw-btc'], ['KRW-BTC.5']),
  fc.array(hostileText, { maxLength: 30 }),
  hostileValue,
);
const wish = fc.record(
  {
    ...{ type, codes, is_only_snapshot: fc.oneof(fc.boolean(), hostileValue) },
    ...{ isOnlyRealtime: fc.oneof(fc.boolean(), hostileValue), level: hostileValue },
  },
  { requiredKeys: [] },
);
const ticket = fc.oneof(
  { weight: 5, arbitrary: fc.constant({ ticket: 'fuzz' }) },
  { weight: 1, arbitrary: hostileValue.map((given) => ({ ticket: given })) },
);
const format = fc.oneof(
  fc
    .constantFrom('DEFAULT', 'SIMPLE', 'JSON_LIST', 'SIMPLE_LIST')
    .map((given) => ({ format: given })),
  hostileValue.map((given) => ({ format: given })),
  fc.constant({ method: 'LIST_SUBSCRIPTIONS' }),
);
const requestText = fc
  .tuple(ticket, fc.array(wish, { maxLength: 3 }), fc.option(format, { nil: undefined }))
  .map((parts) => JSON.stringify(parts.flat().filter((part) => part !== undefined)));

const message: fc.Arbitrary<string | Buffer> = fc.oneof(
  { weight: 8, arbitrary: requestText },
  { weight: 1, arbitrary: requestText.map((text) => text.slice(0, text.length / 2)) },
  { weight: 1, arbitrary: fc.oneof(fc.constant('PING'), hostileText) },
  { weight: 1, arbitrary: hostileValue.map((value) => jsonText(value)) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.from(bytes)) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('['.repeat(100_000), `[{"ticket":"${'x'.repeat(300_000)}"}]`),
  },
);

export const streamTalks: fc.Arbitrary<StreamTalk> = fc.record({
  said: fc.array(message, { minLength: 1, maxLength: 7 }),
  ending: fc.constantFrom('close', 'cut', 'ping and cut'),
});

/** Says it to `/websocket/v1`; resolves with what is wrong with what came back, undefined for nothing. */
export async function talkToStream(
  url: string,
  { said, ending }: StreamTalk,
): Promise<string | undefined> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/websocket/v1`);
  const heard: string[] = [];
  socket.on('message', (data: RawData) => {
    heard.push(Buffer.isBuffer(data) ? data.toString('utf8') : 'not in one piece');
  });
  socket.on('error', () => undefined);
  const closed = new Promise<number>((resolve) => socket.on('close', resolve));
  await Promise.race([once(socket, 'open'), closed]);
  for (const one of said) if (socket.readyState === WebSocket.OPEN) socket.send(one);
  await Promise.race([closed, clock.sleep(LISTEN_MS)]);
  if (socket.readyState === WebSocket.OPEN && ending === 'ping and cut')
    socket.ping('x'.repeat(125));
  if (ending === 'close') socket.close(1_000);
  else socket.terminate();
  const code = await closed;
  const strange = heard.find((text) => !isFrame(text));
  if (strange !== undefined) return `a frame that is none: ${strange.slice(0, 200)}`;
  return CLOSES.includes(code) ? undefined : `closed with ${code}`;
}

function isFrame(text: string): boolean {
  try {
    const given: unknown = JSON.parse(text);
    const frames: readonly unknown[] = Array.isArray(given) ? given : [given];
    return frames.every((one) => frame.safeParse(one).success);
  } catch {
    return false;
  }
}
