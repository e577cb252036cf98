import { EventEmitter, once } from 'node:events';
import fastify from 'fastify';
import type { StreamedAnswer } from './answers/native-answer';
import { sendNativeAnswer } from './native-reply';

/** An endless body that counts what was read of it, and says when it was given up. */
function endlessBody() {
  const seen = { chunks: 0, ends: 0 };
  const ends = new EventEmitter();
  async function* read(): AsyncGenerator<Buffer, void, void> {
    for (;;) {
      seen.chunks += 1;
      yield await Promise.resolve(Buffer.alloc(1_000));
    }
  }
  const end = (): void => {
    seen.ends += 1;
    ends.emit('end');
  };
  const answer: StreamedAnswer = {
    kind: 'streamed',
    given: () => [{ source: 'l1', ageMs: 0, staleMs: 0 }, 0],
    contentType: 'text/csv',
    chunks: read(),
    end,
  };
  return { seen, ended: once(ends, 'end'), answer };
}

describe('an answer that is streamed', () => {
  it('is headers only for HEAD: nothing of it is read, and its reading is ended', async () => {
    const { seen, answer } = endlessBody();
    const server = fastify();
    server.get('/', (_request, reply) => {
      sendNativeAnswer(reply, answer);
    });
    const { statusCode, headers, body } = await server.inject({ method: 'HEAD', url: '/' });
    expect([statusCode, headers['content-type'], body]).toEqual([200, 'text/csv', '']);
    expect(headers).not.toHaveProperty('content-length');
    expect(seen).toEqual({ chunks: 0, ends: 1 });
    await server.close();
  });

  it('is ended when its caller hangs up', async () => {
    const { seen, ended, answer } = endlessBody();
    const server = fastify({ forceCloseConnections: true });
    server.get('/', (_request, reply) => {
      sendNativeAnswer(reply, answer);
    });
    const leaving = new AbortController();
    const url = await server.listen({ port: 0, host: '127.0.0.1' });
    const response = await fetch(url, { signal: leaving.signal });
    expect(response.status).toBe(200);
    leaving.abort();
    await ended;
    expect(seen.ends).toBe(1);
    await server.close();
  });
});
