import { once } from 'node:events';
import { AddressInfo, Server, createServer } from 'node:net';
import { choosePort, requireFreePort } from './free-port';

const host = '127.0.0.1';

describe('choosing a port', () => {
  let other: Server;
  let takenPort: number;

  beforeEach(async () => {
    other = createServer().listen(0, host);
    await once(other, 'listening');
    takenPort = portOf(other.address());
  });

  afterEach(() => other.close());

  it('takes another one when the preferred one is taken', async () => {
    const port = await choosePort(host, takenPort);

    expect(port).toBeGreaterThan(0);
    expect(port).not.toBe(takenPort);
  });

  it('takes the preferred one when it is free, and leaves it free', async () => {
    const free = await choosePort(host);

    expect(await choosePort(host, free)).toBe(free);
    await expect(requireFreePort(host, free)).resolves.toBeUndefined();
  });

  it('says who holds a taken port and what to do', async () => {
    await expect(requireFreePort(host, takenPort)).rejects.toThrow(
      new RegExp(
        `Port ${takenPort} on 127\\.0\\.0\\.1 is taken by .*PORT=${takenPort + 1} npm start`,
      ),
    );
  });

  it('says that an address is not one of this machine', async () => {
    await expect(requireFreePort('192.0.2.1', 3000)).rejects.toThrow(
      /192\.0\.2\.1:3000 .*Set HOST and PORT/,
    );
  });
});

function portOf(address: AddressInfo | string | null): number {
  if (typeof address !== 'object' || address === null) throw new Error('The server has no port.');
  return address.port;
}
