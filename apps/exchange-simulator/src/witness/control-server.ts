import { createServer, type RequestListener, type Server } from 'node:http';
import type { Witness } from './witness';

/** The tests' own door to the witness, never on the exchange's port: `GET /calls` reads, `DELETE /calls` forgets. */
export function createControlServer(witness: Witness): Server {
  const answer: RequestListener = (request, response) => {
    const call = `${request.method ?? ''} ${request.url ?? ''}`;
    if (call === 'GET /calls') {
      response.writeHead(200, { 'Content-Type': 'application/json' });
      response.end(JSON.stringify(witness.testify()));
    } else if (call === 'DELETE /calls') {
      witness.reset();
      response.writeHead(204).end();
    } else {
      response.writeHead(404, { 'Content-Type': 'text/plain' });
      response.end(`${call} is not known here; use GET /calls or DELETE /calls\n`);
    }
  };
  return createServer(answer);
}
