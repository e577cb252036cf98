import type { IncomingHttpHeaders } from 'node:http';
import { isRecord } from '../json-value';

/** What the gateway adds to `Cache-Status`, which the caches on the way may have added to as well. */
const OF_GATEWAY = /(?:^|,)\s*candlekeep\s*;[^,]*?\bdetail=(\w+)/;

/**
 * A body that says where this very answer came from. A body is kept as it was encoded, and so says where it came from then; only
 * `Cache-Status` tells that it was kept (`l0`).
 */
export function withServedSource(body: unknown, headers: IncomingHttpHeaders): unknown {
  const source = OF_GATEWAY.exec(String(headers['cache-status'] ?? ''))?.[1];
  return source === undefined || !isRecord(body) ? body : { ...body, source };
}
