import type { IncomingMessage } from 'node:http';

/** A parameter `key` that holds one of our keys, however the rest of the query is. */
const KEY_PARAMETER = /([?&])key=(ck_[A-Za-z0-9_-]*)(&|$)/;

/** What a URL held of a key, and the URL without it. */
export interface StrippedUrl {
  readonly url: string;
  readonly key: string | undefined;
}

/** Takes `key=ck_…` out of a URL: nothing behind it, and no log, is to see a secret. */
export function stripKey(url: string): StrippedUrl {
  if (!url.includes('key=ck_')) return { url, key: undefined };
  const found = KEY_PARAMETER.exec(url);
  if (found === null) return { url, key: undefined };
  const [whole, before = '', key, after = ''] = found;
  const rest = url.slice(found.index + whole.length);
  const kept = rest === '' && after === '' ? '' : before;
  return { url: url.slice(0, found.index) + kept + rest, key };
}

/** The keys that were taken out of URLs before the router saw them. */
export class QueryKeys {
  private readonly taken = new WeakMap<IncomingMessage, string>();

  /** The URL to route by; for Fastify's `rewriteUrl`. */
  readonly take = (request: IncomingMessage): string => {
    const { url, key } = stripKey(request.url ?? '/');
    if (key !== undefined) this.taken.set(request, key);
    return url;
  };

  of(request: IncomingMessage): string | undefined {
    return this.taken.get(request);
  }
}
