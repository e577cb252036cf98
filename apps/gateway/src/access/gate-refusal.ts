import type { FastifyReply } from 'fastify';
import { isOwnApi, PROBLEM_TYPE, problemBody } from '../api/problem-body';
import { UpbitRefusal } from '../upbit-refusal';
import { setUpbitHeaders } from '../upbit-reply';

/** Why the gate lets a request not through. */
export interface GateRefusal {
  readonly status: 401 | 403 | 404 | 414 | 429;
  /** What happened, and what to do. */
  readonly detail: string;
  /** `error.name` as the exchange calls such a refusal. */
  readonly exchangeName: string | number;
  readonly headers?: Readonly<Record<string, string>>;
}

const CHALLENGE = 'Bearer realm="candlekeep"';

/** What the gate says, with what would be right. */
export const gateRefusals = {
  noKey: (): GateRefusal => ({
    ...{ status: 401, exchangeName: 'invalid_access_key' },
    detail:
      'This gateway wants a key: send Authorization: Bearer ck_… (its operator makes one with npm run keys -- create).',
    headers: { 'www-authenticate': CHALLENGE },
  }),
  queryKey: (): GateRefusal => ({
    ...{ status: 401, exchangeName: 'invalid_access_key' },
    detail:
      'This gateway takes no ?key=, since URLs end up in logs: send Authorization: Bearer ck_…, or have its operator set AUTH_QUERY_KEY=on.',
    headers: { 'www-authenticate': CHALLENGE },
  }),
  wrongKey: (): GateRefusal => ({
    ...{ status: 401, exchangeName: 'invalid_access_key' },
    detail: 'That is no key, or one that was revoked: ask the operator of this gateway for one.',
    headers: { 'www-authenticate': `${CHALLENGE}, error="invalid_token"` },
  }),
  lacksScope: (): GateRefusal => ({
    ...{ status: 403, exchangeName: 'out_of_scope' },
    detail: 'This key may read and change nothing: that takes a key with the admin scope.',
    headers: {
      'www-authenticate': `${CHALLENGE}, error="insufficient_scope", scope="admin"`,
    },
  }),
  forged: (): GateRefusal => ({
    ...{ status: 403, exchangeName: 'out_of_scope' },
    detail:
      'This came from another web page, or does not say from which: only pages of this gateway may change things for a person. Programs send a key.',
  }),
  foreignName: (): GateRefusal => ({
    ...{ status: 403, exchangeName: 'out_of_scope' },
    detail:
      'No key is asked for here because only this machine is meant to come, at localhost or a loopback address: under another name, or none, candles alone are read. Start the gateway with AUTH=keys and send a key.',
  }),
  claimableName: (): GateRefusal => ({
    ...{ status: 403, exchangeName: 'out_of_scope' },
    detail:
      'A gateway that asks for no key takes changes at an address or a private name (localhost, one without a dot, .local, .internal) alone, not under one that a web page may have pointed here: send a key with the admin scope.',
  }),
  passedOn: (): GateRefusal => ({
    ...{ status: 401, exchangeName: 'invalid_access_key' },
    detail:
      'This gateway is behind a proxy, and asks for no key because only this machine is meant to come: through a proxy, candles alone are read. Start it with AUTH=keys and send Authorization: Bearer ck_….',
    headers: { 'www-authenticate': CHALLENGE },
  }),
  keysTakeAKey: (): GateRefusal => ({
    ...{ status: 401, exchangeName: 'invalid_access_key' },
    detail:
      'Keys are made and revoked by who shows one with the admin scope, also where none is asked for: send Authorization: Bearer ck_…, or use npm run keys on the machine of the database.',
    headers: { 'www-authenticate': CHALLENGE },
  }),
  elsewhere: (url: string): GateRefusal => ({
    ...{ status: 404, exchangeName: 404 },
    detail: `There is nothing at ${url}.`,
  }),
  urlTooLong: (most: number): GateRefusal => ({
    ...{ status: 414, exchangeName: 414 },
    detail: `The URL is too long: ${most} characters are the most.`,
  }),
  quotaSpent: (retryAfterSeconds: number): GateRefusal => ({
    ...{ status: 429, exchangeName: 429 },
    detail: `This key has been answered all the rows that it may have for now: ask again in ${retryAfterSeconds} s.`,
    headers: { 'retry-after': String(retryAfterSeconds) },
  }),
} as const;

/** In the words of whoever was asked: the exchange's under `/v1`, problem details (RFC 9457) elsewhere. */
export function sendGateRefusal(reply: FastifyReply, refusal: GateRefusal): void {
  const { status, detail, exchangeName, headers = {} } = refusal;
  const { url } = reply.request;
  void reply.status(status).headers(headers);
  if (isOwnApi(url) || /^\/(?:admin|metrics)(?:[/?#]|$)/.test(url)) {
    void reply.header('content-type', PROBLEM_TYPE).send(problemBody(status, detail));
    return;
  }
  setUpbitHeaders(reply);
  if (status === 429) {
    void reply.header('content-type', 'text/plain;charset=UTF-8').send('Too many API requests.');
    return;
  }
  void reply.send(new UpbitRefusal(status, detail, exchangeName).body());
}
