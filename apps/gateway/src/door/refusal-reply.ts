import { isOwnApi, PROBLEM_TYPE, problemBody } from '../api/problem-body';
import { refusals, UpbitRefusal } from '../upbit-refusal';

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

/** There is nothing at this URL. */
export function nothingThere(url: string): RefusalReply {
  if (isOwnApi(url)) return refusalReply(url, 404, `There is nothing at ${url}.`);
  return { type: UPBIT_TYPE, body: refusals.noRoute().body() };
}
