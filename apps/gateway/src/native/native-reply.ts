import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { payFor } from '../access/request-principal';
import { cacheStatusOf } from '../cache-status';
import { tellAnswer } from '../metrics/told-answer';
import { holds } from '../upbit-reply';
import type { NativeAnswer, WholeAnswer } from './answers/native-answer';

/** Sends an answer; 304 without body when the caller has it already (`If-None-Match`). */
export function sendNativeAnswer(reply: FastifyReply, answer: NativeAnswer): void {
  void reply.headers({
    'content-type': answer.contentType,
    // To be asked about each time: the entity tag makes that cheap.
    'cache-control': 'no-cache',
    vary: [reply.getHeader('vary'), 'Accept'].filter(Boolean).join(', '),
  });
  if (answer.kind === 'streamed') {
    if (reply.request.method === 'HEAD') {
      answer.end();
      // Left to the framework, the body would be read to its end for nobody.
      void reply.status(200).send(Readable.from([]));
      return;
    }
    // Nothing is read ahead: the next portion is made when the socket has taken the last one.
    const body = Readable.from(answer.chunks, { objectMode: false, highWaterMark: 1 });
    body.once('close', () => {
      payFor(reply.request, answer.given()[1]);
      answer.end();
    });
    void reply.status(200).send(body);
    return;
  }
  // What is not final yet is one candle, or none.
  payFor(reply.request, answer.finalCount);
  tellAnswer(reply, answer);
  void reply.headers(wholeHeaders(answer));
  if (holds(reply.request.headers['if-none-match'], answer.entityTag)) {
    void reply.removeHeader('content-type').status(304).send();
    return;
  }
  void reply.status(200).send(answer.body);
}

function wholeHeaders(answer: WholeAnswer): Readonly<Record<string, string>> {
  const { asOfMs, ageMs, finalCount, short, entityTag } = answer;
  return {
    'cache-status': `candlekeep; ${cacheStatusOf(answer)}`,
    age: String(Math.floor(Math.max(0, ageMs) / 1_000)),
    'x-candlekeep-as-of': String(asOfMs),
    'x-candlekeep-final-count': String(finalCount),
    ...(short === null
      ? {}
      : {
          'x-candlekeep-short': `wanted=${short.wanted}; got=${short.got}; reason=${short.reason}`,
        }),
    etag: entityTag,
  };
}
