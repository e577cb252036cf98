import {
  Agent,
  createServer,
  get,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { once } from 'node:events';
import { SystemClock } from '@candlekeep/clock';
import { DrainingServer } from './draining-server';

describe('DrainingServer', () => {
  const agent = new Agent({ keepAlive: true });
  let server: Server;
  let draining: DrainingServer;
  let pending: ServerResponse[];

  beforeEach(async () => {
    pending = [];
    server = createServer((_request, response) => pending.push(response));
    draining = new DrainingServer(
      server,
      async () => once(server.close(), 'close'),
      new SystemClock(),
    );
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterAll(() => {
    agent.destroy();
  });

  const ask = async (): Promise<number | undefined> => {
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('the server has no port');
    const { port } = address;
    return await new Promise((resolve, reject) => {
      const request = get({ port, host: '127.0.0.1', agent }, (response: IncomingMessage) => {
        response.resume().on('end', () => {
          resolve(response.statusCode);
        });
      });
      request.on('error', reject);
    });
  };

  it('lets a running request of a kept-alive connection end, and then ends itself', async () => {
    const answered = ask();
    await once(server, 'request');
    const closed = draining.close();
    pending[0]?.end('late but whole');
    expect(await answered).toBe(200);
    await closed;
  });

  it('closes connections that are idle already', async () => {
    const answered = ask();
    await once(server, 'request');
    pending[0]?.end();
    await answered;
    await draining.close();
    expect(server.listening).toBe(false);
  });
});
