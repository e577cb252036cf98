import type { IncomingMessage } from 'node:http';

/** A parameter `key` that holds one of our keys, or one with a slip, whichever of its characters are escaped. */
const KEY_PARAMETERS =
  /([?&])(?:k|%6[bB])(?:e|%65)(?:y|%79)=((?:c|%63)(?:k|%6[bB])(?:_|%5[fF])[^&#]*)/g;

/** What a URL held of a key, and the URL without it. */
export interface StrippedUrl {
  readonly url: string;
  readonly key: string | undefined;
}

/** Takes every `key=ck_…` out of a URL, of which the first counts: nothing behind it, and no log, is to see a secret. */
export function stripKey(url: string): StrippedUrl {
  let key: string | undefined;
  const rest = url.replace(KEY_PARAMETERS, (_whole, before: string, text: string) => {
    key ??= decoded(text);
    return before === '?' ? '?' : '';
  });
  if (key === undefined) return { url, key };
  const query = rest.slice(url.indexOf('?') + 1).replace(/^&/, '');
  const mark = /^(?:#|$)/.test(query) ? '' : '?';
  return { url: url.slice(0, url.indexOf('?')) + mark + query, key };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
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
