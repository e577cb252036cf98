import { isOwnApi, PROBLEM_TYPE, problemBody } from '../api/problem-body';
import { refusals, UpbitRefusal } from '../upbit-refusal';
import { canonicalUrl } from './canonical-url';

const UPBIT_TYPE = 'application/json;charset=UTF-8';

/** A refusal as it goes out. */
export interface RefusalReply {
  readonly type: string;
  readonly body: string;
}

/** Says no in the words of whoever was asked: problem details under `/api`, else as the exchange does. */
export function refusalReply(url: string, status: number, reason: string): RefusalReply {
  if (isOwnApi(url)) return { type: PROBLEM_TYPE, body: problemBody(status, reason) };
  return { type: UPBIT_TYPE, body: new UpbitRefusal(status, reason).body() };
}

/** A 503 while the gateway is on its way; as every condition of our own it has `error` as a string under `/v1`. */
export function notYet(url: string, reason: string): RefusalReply {
  const asked = canonicalUrl(url);
  if (isOwnApi(asked)) return refusalReply(asked, 503, reason);
  return { type: UPBIT_TYPE, body: JSON.stringify({ error: reason }) };
}

/** There is nothing at this URL. */
export function nothingThere(url: string): RefusalReply {
  if (isOwnApi(url)) return refusalReply(url, 404, `There is nothing at ${url}.`);
  return { type: UPBIT_TYPE, body: refusals.noRoute().body() };
}
