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

/** Why a port cannot be listened on, in whole sentences. */
export interface PortFault {
  readonly what: string;
  readonly remedy: string;
}

/** Throws StartFailure, naming the other program where that can be known, when we could not listen there. */
export async function requireFreePort(host: string, port: number): Promise<void> {
  const fault = await findPortFault(host, port);
  if (fault !== undefined) throw new StartFailure(`${fault.what} ${fault.remedy}`);
}

/** Undefined when we could listen there. */
export async function findPortFault(host: string, port: number): Promise<PortFault | undefined> {
  try {
    await listenOnce(host, port);
    return undefined;
  } catch (error) {
    return await faultOf(host, port, error);
  }
}

async function faultOf(host: string, port: number, error: unknown): Promise<PortFault> {
  if (isSystemError(error, 'EADDRINUSE')) {
    const holder = await findPortHolder(port);
    return {
      what: `Port ${port} on ${host} is taken by ${holder ?? 'another program'}.`,
      remedy: `Stop the other program, or run with PORT=${port + 1} npm start.`,
    };
  }
  if (isSystemError(error, 'EACCES')) {
    return {
      what: `Port ${port} on ${host} may not be opened by this user.`,
      remedy: 'Run with PORT=3000 npm start, or any port above 1023.',
    };
  }
  return {
    what: `The gateway cannot listen on ${host}:${port} (${reasonOf(error)}).`,
    remedy: 'Set HOST and PORT to an address of this machine.',
  };
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
