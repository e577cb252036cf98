import type { FastifyRequest } from 'fastify';
import { keyNameOf } from './access/request-principal';
import { UpbitRefusal } from './upbit-refusal';

/** The request header in which a caller says who it is, as Node.js spells it. */
const CALLER_HEADER = 'x-candlekeep-caller';

const NAME = /^[A-Za-z0-9_.:-]{1,64}$/;
const SHOWN_CHARACTERS = 40;
/** How an IPv4 address shows itself to a socket that listens on both families. */
const MAPPED_PREFIX = '::ffff:';

type Asked = Pick<FastifyRequest, 'headers' | 'principal'> & {
  readonly socket: Pick<FastifyRequest['socket'], 'remoteAddress'>;
};

/** Who a request's caller says it is, else as its key is called, else its address. Refuses as {@link parseCallerName} does. */
export function callerNameOf(request: Asked): string {
  const { headers, socket } = request;
  return parseCallerName(headers[CALLER_HEADER] ?? keyNameOf(request), socket.remoteAddress);
}

/**
 * Reads {@link CALLER_HEADER}: 1 to 64 letters, digits, `_`, `.`, `:` or `-`. Whoever says nothing is known by the address of its end of
 * the connection. Refuses any other name, with what would be one.
 */
export function parseCallerName(
  header: string | readonly string[] | undefined,
  remoteAddress: string | undefined,
): string {
  if (header === undefined) return nameOfAddress(remoteAddress);
  const given = String(header);
  if (NAME.test(given)) return given;
  const shown = JSON.stringify(given.slice(0, SHOWN_CHARACTERS));
  throw new UpbitRefusal(
    400,
    `X-Candlekeep-Caller is ${shown}: expected 1 to 64 letters, digits, or characters of _.:-, or no such header, which means the caller's address.`,
  );
}

/** A machine has one name, whichever way its address is written; a zone (`fe80::1%eth0`) is of no use elsewhere. */
function nameOfAddress(address = ''): string {
  const [plain = ''] = address.split('%');
  const name = plain.startsWith(MAPPED_PREFIX) ? plain.slice(MAPPED_PREFIX.length) : plain;
  return NAME.test(name) ? name : 'unknown';
}
