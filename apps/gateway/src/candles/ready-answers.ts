import type { EncodedAnswer, EncodedPages } from '@candlekeep/candle-cache';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { payFor } from '../access/request-principal';
import { callerNameOf } from '../caller-name';
import { sendUpbitAnswer } from '../upbit-reply';
import type { CandleUsage } from '../usage/candle-usage';
import type { UnderstoodQuestions } from './understood-questions';

export interface ReadyAnswersParts {
  readonly questions: UnderstoodQuestions;
  readonly pages: Pick<EncodedPages, 'find'>;
  readonly usage: CandleUsage;
}

/**
 * Answers a question that was understood before, and whose page is at hand, before the request comes to its controller: the way there
 * takes as long as sending the page. All others go on to the controller, which refuses what is wrong with them.
 */
export function answerWhatIsReady(
  app: NestFastifyApplication,
  { questions, pages, usage }: ReadyAnswersParts,
): void {
  const server = app.getHttpAdapter().getInstance();
  const find = (request: FastifyRequest): EncodedAnswer | undefined => {
    const question = request.method === 'GET' ? questions.find(request) : undefined;
    const answer = question && pages.find(question);
    if (question === undefined || answer === undefined) return undefined;
    const caller = findCallerName(request);
    if (caller === undefined) return undefined;
    usage.note(caller, question.query);
    return answer;
  };
  server.addHook('preHandler', (request, reply, done) => {
    const answer = find(request);
    if (answer === undefined) {
      done();
      return;
    }
    payFor(request, answer.rowCount);
    sendUpbitAnswer(reply, answer);
  });
}

function findCallerName(request: FastifyRequest): string | undefined {
  try {
    return callerNameOf(request);
  } catch {
    return undefined;
  }
}
