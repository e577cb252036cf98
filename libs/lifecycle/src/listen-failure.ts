import { isNativeError } from 'node:util/types';

/** Where somebody wanted to listen. */
export interface Listening {
  readonly host: string;
  readonly port: number;
  /** Where the port was said. */
  readonly variable: string;
}

/** Why nobody listens there, with what to do where that is known. */
export function listenFailure(error: unknown, { host, port, variable }: Listening): unknown {
  if (!isNativeError(error) || !('code' in error)) return error;
  switch (error.code) {
    case 'EADDRINUSE':
      return new Error(
        `port ${port} on ${host} is taken; stop the program that listens there or set ${variable} to another`,
        { cause: error },
      );
    case 'EACCES':
      return new Error(
        `port ${port} on ${host} is not for this user; set ${variable} to one above 1023`,
        { cause: error },
      );
    default:
      return error;
  }
}
