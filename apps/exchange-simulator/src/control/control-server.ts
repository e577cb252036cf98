import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { usageText } from '../usage';
import { BadControlRequest, readJson } from './control-request';
import { CONTROL_ROUTES, NOT_FOUND, type Controlled } from './control-routes';

/** Longer than any test is silent: a connection that is closed as it is used again would fail the test. */
const KEEP_ALIVE_MS = 600_000;

/** The tests' own door, never on the exchange's port: the witness, faults, latency and listings. `GET /` tells how to use it. */
export function createControlServer(parts: Controlled): Server {
  return createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
    answer(parts, request, response).catch((error: unknown) => {
      if (error instanceof BadControlRequest) sendText(response, 400, error.message);
      else sendText(response, 500, `the control door failed: ${String(error)}`);
    });
  });
}

async function answer(
  parts: Controlled,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method = '', url = '/' } = request;
  if (method === 'GET' && url === '/') {
    sendText(response, 200, usageText(parts.faultKinds));
    return;
  }
  const [, root = '', name] = url.split('/').map(decodeURIComponent);
  const route = CONTROL_ROUTES[`${method} /${root}${name === undefined ? '' : '/:name'}`];
  const takesBody = method === 'POST' || method === 'PUT';
  const body = takesBody && route !== undefined ? await readJson(request) : undefined;
  const result = route === undefined ? NOT_FOUND : route(parts, { name, body });
  if (result === NOT_FOUND) {
    const known = Object.keys(CONTROL_ROUTES).join(', ');
    sendText(response, 404, `${method} ${url} is not known here; use ${known}`);
  } else if (result === undefined) {
    response.writeHead(204).end();
  } else {
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify(result));
  }
}

function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain;charset=UTF-8' });
  response.end(`${text}\n`);
}
