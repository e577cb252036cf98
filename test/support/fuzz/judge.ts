import { z } from 'zod';
import type { HttpAnswer } from '../http-get';
import type { FuzzRequest } from './fuzz-request';

const problem = z.object({
  type: z.literal('about:blank'),
  title: z.string().min(3),
  status: z.number(),
  detail: z.string().min(12),
  errors: z
    .array(z.object({ field: z.string().min(1), expected: z.string().includes('expected') }))
    .optional(),
});
const refusal = z.object({
  error: z.object({ name: z.union([z.number(), z.string().min(1)]), message: z.string().min(8) }),
});
/** Our own conditions, which clients of the exchange go by the status of. */
const ownCondition = z.object({ error: z.string().min(12) });
/** What is said where nobody knew what had happened. */
const UNNAMED = /a part that this answer needs is away|Internal Server Error|Cannot read prop/;
/** Longer ones would repay a flood of bad requests many times over. */
const LONGEST_REFUSAL = 16_000;

/** What is wrong with the answer to a request, whatever the request was; undefined for nothing. */
export function faultOf(request: FuzzRequest, answer: HttpAnswer): string | undefined {
  const { status, body } = answer;
  if (status >= 500 && !mayFail(request, status)) return `status ${status}`;
  if (UNNAMED.test(body)) return 'the reason is not named';
  if (status === 405 && !isAllowing(request, answer))
    return '405 without the methods that there are';
  if (status >= 400 && body.length > LONGEST_REFUSAL) return `a refusal of ${body.length} bytes`;
  if (status < 400) return wrongGood(request, answer);
  return request.method === 'HEAD' ? undefined : wrongRefusal(pathOf(request), answer);
}

/** 504 is what was asked for (`only-if-cached`), or the exchange's ten calls a second; one process may not be there. */
function mayFail({ path, headers }: FuzzRequest, status: number): boolean {
  if (status === 504) return true;
  const isAway = /^\/(?:api\/live|health|metrics|admin)/.test(path);
  return status === 503 && (isAway || headers['cache-control'] === undefined);
}

function isAllowing({ method }: FuzzRequest, { headers }: HttpAnswer): boolean {
  const methods = (headers.allow ?? '').split(', ');
  return methods[0] !== '' && !methods.includes(method);
}

function wrongGood({ method, path }: FuzzRequest, { status, headers, body }: HttpAnswer) {
  const type = headers['content-type'] ?? '';
  if (!type.startsWith('application/json') || method === 'HEAD') return undefined;
  if (status === 204 || status === 304 || status === 308) return undefined;
  return isJson(body) ? undefined : `no JSON, and said to be: ${path}`;
}

/** Pages refuse as they like. */
function wrongRefusal(path: string, { status, headers, body }: HttpAnswer): string | undefined {
  const type = headers['content-type'] ?? '';
  if (/^\/(?:admin|metrics|health)/.test(path)) return undefined;
  if (!isJson(body)) return `a refusal that is no JSON (${type})`;
  if (!isOwn(path)) {
    const said = status >= 500 ? ownCondition : refusal;
    return said.safeParse(JSON.parse(body)).success ? undefined : 'not the exchange’s dialect';
  }
  if (!type.startsWith('application/problem+json')) return `not problem+json but ${type}`;
  const read = problem.safeParse(JSON.parse(body));
  return read.success && read.data.status === status ? undefined : 'no problem details';
}

/** As it is meant, whatever is escaped in it. */
function pathOf({ path }: FuzzRequest): string {
  const [text = ''] = path.split('?');
  return text.replace(/%(?:[46][1-9a-f]|[57][0-9a]|3[0-9])/gi, decodeURIComponent);
}

function isOwn(path: string): boolean {
  return path === '/api' || path.startsWith('/api/');
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
