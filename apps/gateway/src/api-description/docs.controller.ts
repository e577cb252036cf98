import { createReadStream } from 'node:fs';
import path from 'node:path';
import { Controller, Get, NotFoundException, Param, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';

/** The page asks for nothing that does not come from here. */
const POLICY =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'";
const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>Candlekeep API</title>
    <link rel="icon" href="/docs/favicon-32x32.png" />
    <link rel="stylesheet" href="/docs/swagger-ui.css" />
  </head>
  <body>
    <div id="swagger-ui"></div>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/start.js"></script>
  </body>
</html>
`;
/** Without the validator's badge, which would ask a server elsewhere. */
const START = `SwaggerUIBundle({
  url: '/api/openapi.json',
  dom_id: '#swagger-ui',
  deepLinking: true,
  validatorUrl: null,
});
`;
/** Files of the package that the page needs, with their types. */
const FILES: ReadonlyMap<string, string> = new Map([
  ['swagger-ui.css', 'text/css; charset=utf-8'],
  ['swagger-ui-bundle.js', 'text/javascript; charset=utf-8'],
  ['favicon-32x32.png', 'image/png'],
]);

/** `/docs`: the description of the API, to read and to try. */
@Controller('docs')
export class DocsController {
  private readonly folder = path.dirname(require.resolve('swagger-ui-dist/package.json'));

  @Get()
  page(@Res() reply: FastifyReply): void {
    send(reply, 'text/html; charset=utf-8', PAGE);
  }

  @Get('start.js')
  start(@Res() reply: FastifyReply): void {
    send(reply, 'text/javascript; charset=utf-8', START);
  }

  @Get(':file')
  file(@Param('file') file: string, @Res() reply: FastifyReply): void {
    const type = FILES.get(file);
    if (type === undefined) throw new NotFoundException();
    void reply.header('Cache-Control', 'max-age=86400');
    send(reply, type, createReadStream(path.join(this.folder, file)));
  }
}

function send(reply: FastifyReply, type: string, body: unknown): void {
  void reply
    .headers({ 'content-type': type, 'content-security-policy': POLICY })
    .header('x-content-type-options', 'nosniff')
    .send(body);
}
