// The floor: node:http sends one fixed buffer and nothing else.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { announce } from './announce.mjs';

const body = readFileSync(process.env.BODY_FILE);
const headers = { 'content-type': 'application/json', 'content-length': body.length };

const server = createServer((_request, response) => {
  response.writeHead(200, headers);
  response.end(body);
});
server.listen(0, '127.0.0.1', () => announce(server.address().port));
