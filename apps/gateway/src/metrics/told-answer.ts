import type { FastifyReply } from 'fastify';
import type { CountedAnswer } from './answer-tally';

/** What a reply was made of, for those who count replies. */
const told = Symbol('what the reply tells');

declare module 'fastify' {
  interface FastifyReply {
    [told]?: CountedAnswer | undefined;
  }
}

/** Notes which answer a reply sends. */
export function tellAnswer(reply: FastifyReply, answer: CountedAnswer): void {
  reply[told] = answer;
}

/** The answer that a reply has sent; undefined for one that is no answer of candles or texts, or an error. */
export function findAnswer(reply: FastifyReply): CountedAnswer | undefined {
  return reply[told];
}
