import type { ServerResponse } from 'node:http';
import { sendJson, SmallServer } from '../testing/small-server';
import { taskOf } from '../testing/tasks';
import { GatewayApi } from './gateway-api';
import { GatewayRefused, PersonLeft } from './gateway-refused';

const SOON = { answerMs: 300, lookMs: 300, purgeMs: 300 };

describe('the gateway, asked by a command', () => {
  let server: SmallServer | undefined;
  afterEach(async () => {
    await server?.stop();
  });

  /** A gateway that answers so, and what a look at a task there comes to. */
  const serve = async (answer: (response: ServerResponse) => void): Promise<string> => {
    await server?.stop();
    server = new SmallServer(answer);
    return await server.start();
  };
  const apiAt = (url: string, interrupted = new AbortController().signal) =>
    new GatewayApi(url, interrupted, SOON);
  const failureAt = async (url: string): Promise<GatewayRefused> => {
    const error: unknown = await apiAt(url)
      .get('backfills', 'a')
      .catch((thrown: unknown) => thrown);
    if (error instanceof GatewayRefused) return error;
    throw new Error(`expected a refusal, not ${String(error)}`);
  };
  const failureOf = async (answer: (response: ServerResponse) => void) => {
    const url = await serve(answer);
    const { message, isFinal } = await failureAt(url);
    return { message: message.replaceAll(url, 'URL'), isFinal };
  };

  it('tells a task, whose id is one segment of the path whatever stands in it', async () => {
    const url = await serve((response) => {
      sendJson(response, 200, taskOf());
    });
    expect(await apiAt(`${url}/`).get('backfills', '../a?b/c')).toEqual(taskOf());
    expect(server?.asked.map(({ line }) => line)).toEqual(['GET /api/backfills/..%2Fa%3Fb%2Fc']);
  });

  it('says whether it opened a task or found one', async () => {
    const wish = { market: 'KRW-BTC', timeframe: '1m', from: '2026-01-01' };
    const url = await serve((response) => {
      sendJson(response, server?.asked.length === 1 ? 202 : 200, taskOf());
    });
    expect((await apiAt(url).open('backfills', wish)).isNew).toBe(true);
    expect((await apiAt(url).open('backfills', wish)).isNew).toBe(false);
    expect(server?.asked[0]).toEqual({ line: 'POST /api/backfills', body: JSON.stringify(wish) });
  });

  it('is quoted when it refuses, and asked again when only a part of it is away', async () => {
    expect(
      await failureOf((response) => {
        sendJson(response, 404, { detail: 'There is no backfill "a".' });
      }),
    ).toEqual({ message: 'There is no backfill "a".', isFinal: true });
    expect(
      await failureOf((response) => {
        sendJson(response, 503, { detail: 'a part is away' });
      }),
    ).toEqual({ message: 'the gateway at URL says: a part is away', isFinal: false });
  });

  it.each([
    [
      401,
      undefined,
      'This gateway wants a key. Set CANDLEKEEP_KEY to a key, and this command shows it.',
    ],
    [401, 'ck_a', 'This gateway wants a key. What was shown is the key in CANDLEKEEP_KEY.'],
    [403, 'ck_a', 'This gateway wants a key. What was shown is the key in CANDLEKEEP_KEY.'],
  ])(
    'says %i with what to do about the key %j, which it was shown',
    async (status, key, message) => {
      const url = await serve((response) => {
        sendJson(response, status, { detail: 'This gateway wants a key.' });
      });
      const api = new GatewayApi(url, new AbortController().signal, SOON, key);
      await expect(api.get('backfills', 'a')).rejects.toThrow(message);
      expect(server?.keys).toEqual([key === undefined ? undefined : `Bearer ${key}`]);
    },
  );

  it.each([
    ['text/html', '<html>hello</html>', 'text/html'],
    ['application/json', '{"hello":"world"}', 'application/json'],
    ['application/json', '{"id":', 'application/json'],
    [undefined, '', 'something'],
  ])('is none when it answers %s %j', async (kind, body, named) => {
    const failure = await failureOf((response) => {
      response.writeHead(200, kind === undefined ? {} : { 'Content-Type': kind });
      response.end(body);
    });
    expect(failure).toEqual({
      message: `URL is no Candlekeep gateway: it answered GET /api/backfills/a with 200 and ${named} that a gateway does not send; name another with --gateway`,
      isFinal: true,
    });
  });

  it('is none when it sends the asker elsewhere', async () => {
    const { message, isFinal } = await failureOf((response) => {
      response.writeHead(301, { Location: 'https://other.example/' }).end();
    });
    expect(message).toContain(
      'is no Candlekeep gateway: it answered GET /api/backfills/a with 301 and a redirect to https://other.example/;',
    );
    expect(isFinal).toBe(true);
    expect(server?.asked).toHaveLength(1);
  });

  it.each([
    [404, 'is a Candlekeep gateway there? If not, name another with --gateway', true],
    [502, 'see URL/health/ready and what the gateway, or a proxy before it, logs', false],
  ])(
    'that answers %i without a word is named with what to check',
    async (status, advice, isFinal) => {
      const failure = await failureOf((response) => {
        response.writeHead(status, { 'Content-Type': 'application/json' });
        response.end('{"detail":"Not Found"}');
      });
      const message = `GET URL/api/backfills/a was answered with ${status}: ${advice}`;
      expect(failure).toEqual({ message, isFinal });
    },
  );

  it('may answer in vain: nothing, headers alone, half an answer, or nobody is there', async () => {
    const half = (response: ServerResponse) =>
      response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': '100' });
    const seen = [
      await failureOf(() => undefined),
      await failureOf((response) => {
        half(response).flushHeaders();
      }),
      await failureOf((response) => {
        half(response).write('{"id"', () => response.destroy());
      }),
    ];
    for (const { message, isFinal } of seen) {
      expect(isFinal).toBe(false);
      expect(message).toMatch(/^no answer from the gateway at URL \(.+\): does it run there\?/);
    }
    expect(seen.map(({ message }) => message.includes('waited'))).toEqual([true, true, false]);
    const url = await serve(() => undefined);
    await server?.stop();
    expect((await failureAt(url)).message).toMatch(/ECONNREFUSED/);
  });

  it('is not waited for once the person has left', async () => {
    const left = new AbortController();
    const url = await serve(() => {
      left.abort();
    });
    const asking = apiAt(url, left.signal).purge('KRW-BTC');
    await expect(asking).rejects.toThrow(PersonLeft);
    await expect(asking).rejects.toThrow(
      `left before ${url} had answered DELETE /api/candles?market=KRW-BTC: it may be done or not`,
    );
  });
});
