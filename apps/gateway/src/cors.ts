import type { NestFastifyApplication } from '@nestjs/platform-fastify';

/** Headers of an answer that a page of another origin may not read unless it is told so. */
const EXPOSED_HEADERS = [
  'Cache-Status',
  'Age',
  'X-Candlekeep-As-Of',
  'X-Candlekeep-Final-Count',
  'X-Candlekeep-Short',
  'Retry-After',
  'ETag',
  'Remaining-Req',
  'RateLimit',
  'RateLimit-Policy',
  'WWW-Authenticate',
];

/** Lets pages of these origins read answers, headers included; `*` is any page, none is none. */
export function allowOrigins(app: NestFastifyApplication, origins: readonly string[]): void {
  if (origins.length === 0) return;
  // Batches are posted. What changes things is not for pages elsewhere, unless they send a key.
  app.enableCors({
    ...{ origin: [...origins], exposedHeaders: EXPOSED_HEADERS },
    methods: ['GET', 'HEAD', 'POST'],
  });
}
