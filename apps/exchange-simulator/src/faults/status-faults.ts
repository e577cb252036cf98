import { z } from 'zod';
import { JSON_TYPE, type Reply } from '../http/reply';
import { disturbingKind, type FaultKind } from './fault-kind';

const REASONS: Readonly<Record<number, string>> = {
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Temporarily Unavailable',
  504: 'Gateway Time-out',
};

/** The exchange, or the gateway before it, fails: a status of the 500s with a body in JSON or HTML. */
export const STATUS_FAULTS: readonly FaultKind[] = Object.entries(REASONS).map(([code, reason]) => {
  const status = Number(code);
  const unset = status === 500 ? 'json' : 'html';
  return disturbingKind({
    kind: `status-${code}`,
    about: `${reason}; body: "json" | "html" (${unset})`,
    options: { body: z.enum(['json', 'html']).default(unset) },
    make: ({ body }) => ({ reply: () => failure(status, reason, body) }),
  });
});

/** A page as a web gateway writes it. */
export function htmlPage(title: string): string {
  return `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n</body>\r\n</html>\r\n`;
}

function failure(status: number, reason: string, body: 'json' | 'html'): Reply {
  if (body === 'html') {
    return { status, contentType: 'text/html', body: htmlPage(`${status} ${reason}`) };
  }
  const error = { name: status, message: `${reason}.` };
  return { status, contentType: JSON_TYPE, body: JSON.stringify({ error }) };
}
