import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import https from 'node:https';
import type { Socket } from 'node:net';
import path from 'node:path';
import { ExchangeConnections } from './exchange-connections';
import { ExchangeUnavailable } from './exchange-error';
import { ExchangeTransport } from './exchange-transport';

const localhost = readFileSync(path.join(__dirname, '..', 'testing', 'localhost.pem'));
const { signal } = new AbortController();

describe('the exchange over TLS', () => {
  const asked: Socket[] = [];
  const server = https.createServer({ key: localhost, cert: localhost }, (request, response) => {
    asked.push(request.socket);
    response.end(`${request.method} ${request.url}`);
  });
  let url: (host: string) => string;

  beforeAll(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('the server has no port');
    url = (host) => `https://${host}:${address.port}`;
  });

  afterAll(async () => {
    server.close();
    await once(server, 'close');
  });

  it('answers call after call on one connection, and close ends it', async () => {
    const trust = { ca: localhost };
    const transport = new ExchangeTransport(
      url('localhost'),
      'x/1',
      new ExchangeConnections(trust),
    );
    expect((await transport.get('/v1/a', signal)).body).toBe('GET /v1/a');
    expect((await transport.get('/v1/b', signal)).body).toBe('GET /v1/b');
    expect(asked).toHaveLength(2);
    expect(asked[0]).toBe(asked[1]);
    const gone = once(asked[0]!, 'close');
    transport.close();
    await gone;
  });

  it('is not believed with a certificate of nobody we trust', async () => {
    const transport = new ExchangeTransport(url('localhost'), 'x/1');
    const call = transport.get('/v1/a', signal);
    await expect(call).rejects.toThrow(ExchangeUnavailable);
    await expect(call).rejects.toThrow('DEPTH_ZERO_SELF_SIGNED_CERT');
    transport.close();
  });

  it('is not believed under another name than its certificate’s', async () => {
    const trust = { ca: localhost };
    const transport = new ExchangeTransport(
      url('[::ffff:127.0.0.1]'),
      'x/1',
      new ExchangeConnections(trust),
    );
    await expect(transport.get('/v1/a', signal)).rejects.toThrow('ERR_TLS_CERT_ALTNAME_INVALID');
    transport.close();
  });
});
