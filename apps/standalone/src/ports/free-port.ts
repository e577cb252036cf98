import { createServer } from 'node:net';
import { StartFailure, isSystemError, reasonOf } from '../start-failure';
import { findPortHolder } from './port-holder';

/** `preferred` when nobody listens there on `host`, else any free port. */
export async function choosePort(host: string, preferred = 0): Promise<number> {
  try {
    return await listenOnce(host, preferred);
  } catch {
    return listenOnce(host, 0);
  }
}

/** Throws StartFailure, naming the other program where that can be known, when we could not listen there. */
export async function requireFreePort(host: string, port: number): Promise<void> {
  try {
    await listenOnce(host, port);
  } catch (error) {
    throw new StartFailure(await whyNot(host, port, error));
  }
}

async function whyNot(host: string, port: number, error: unknown): Promise<string> {
  if (isSystemError(error, 'EADDRINUSE')) {
    const holder = await findPortHolder(port);
    const by = holder === undefined ? 'by another program' : `by ${holder}`;
    return (
      `Port ${port} on ${host} is taken ${by}. ` +
      `Stop the other program, or run with PORT=${port + 1} npm start.`
    );
  }
  if (isSystemError(error, 'EACCES')) {
    return `Port ${port} on ${host} may not be opened by this user. Run with PORT=3000 npm start, or any port above 1023.`;
  }
  return `The gateway cannot listen on ${host}:${port} (${reasonOf(error)}). Set HOST and PORT to an address of this machine.`;
}

function listenOnce(host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ host, port, exclusive: true }, () => {
      const address = server.address();
      const bound = typeof address === 'object' && address !== null ? address.port : port;
      server.close(() => {
        resolve(bound);
      });
    });
  });
}
