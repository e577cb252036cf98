import { WebSocket, type ClientOptions } from 'ws';
import { StreamClient } from '../../testing/stream-client';
import { StreamRig } from '../../testing/stream-rig';

interface Refusal {
  readonly status: number | undefined;
  readonly remaining: unknown;
  readonly body: string;
}

/** What a server that will not upgrade answers instead. */
function refusalOf(url: string, options: ClientOptions = {}): Promise<Refusal> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, options);
    socket.on('error', reject);
    socket.on('open', () => {
      reject(new Error(`${url} was opened`));
    });
    socket.on('unexpected-response', (_request, response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const remaining = response.headers['remaining-req'];
        resolve({
          status: response.statusCode,
          remaining,
          body: Buffer.concat(chunks).toString(),
        });
      });
    });
  });
}

describe('the way into the stream', () => {
  let rig: StreamRig;
  beforeEach(async () => {
    rig = new StreamRig();
    await rig.open();
  });
  afterEach(() => rig.close());

  it('is open five times in any second to one address, and says how often it still is', async () => {
    const left: unknown[] = [];
    for (let turn = 0; turn < 5; turn += 1) {
      const { upgrade } = await StreamClient.open(rig.url());
      left.push(upgrade.headers['remaining-req']);
      expect(upgrade.headers['limit-by-ip']).toBe('Yes');
    }
    expect(left).toEqual([4, 3, 2, 1, 0].map((sec) => `group=websocket; min=300; sec=${sec}`));
    expect(await refusalOf(rig.url())).toEqual({
      status: 429,
      remaining: 'group=websocket; min=300; sec=0',
      body: 'Too many API requests.',
    });
    await rig.clock.advance(1_000);
    await StreamClient.open(rig.url());
    expect(rig.witness.testify()).toMatchObject({ byGroup: { websocket: 7 }, rejected: 1 });
  });

  it('is open once in ten seconds to those who send an Origin, which is counted', async () => {
    const options = { origin: 'https://example.com' };
    const { upgrade } = await StreamClient.open(rig.url(), options);
    expect(upgrade.headers['remaining-req']).toBe('group=origin; min=6; sec=0');
    expect(await refusalOf(rig.url(), options)).toMatchObject({ status: 429 });
    await StreamClient.open(rig.url());
    expect(rig.witness.testify().byGroup).toEqual({ origin: 2, websocket: 1 });
  });

  it('is shut to a blocked address', async () => {
    rig.blocks.begin('127.0.0.1', { blockMs: 60_000, form: 'text' }, rig.clock.monotonicMs());
    expect(await refusalOf(rig.url())).toMatchObject({ status: 418 });
    await rig.clock.advance(60_000);
    await StreamClient.open(rig.url());
  });

  it('is at its own path only: other upgrades are answered like any call', async () => {
    expect(await refusalOf(rig.url('/websocket/v1/private'))).toMatchObject({
      status: 404,
      body: 'no route',
    });
    await StreamClient.open(rig.url('/websocket/v1?since=forever'));
  });
});
