import type { PageQuestion } from '@candlekeep/candle-cache';
import type { FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import { CLASS_HEADER } from '../caller-class';

/** Some 10 MB at most. Calculators ask the same few questions in the same words. */
const MOST_QUESTIONS = 10_000;
/** Longer ones are understood anew each time. */
const LONGEST_WORDS = 500;
/** No header holds it. */
const ABSENT = '\0';

/** Questions as they were understood before, by the words in which they were asked. Whoever refuses some words does not put them here. */
export class UnderstoodQuestions {
  private readonly questions = new LRUCache<string, PageQuestion>({ max: MOST_QUESTIONS });

  find(request: FastifyRequest): PageQuestion | undefined {
    return this.questions.get(wordsOf(request));
  }

  remember(request: FastifyRequest, question: PageQuestion): void {
    const words = wordsOf(request);
    if (words.length <= LONGEST_WORDS) this.questions.set(words, question);
  }
}

/** All that the meaning hangs on. A line break stands in no URL and no header. */
function wordsOf({ url, headers }: FastifyRequest): string {
  const directives = headers['cache-control'];
  const callerClass = headers[CLASS_HEADER];
  if (directives === undefined && callerClass === undefined) return url;
  return `${url}\n${directives ?? ABSENT}\n${String(callerClass ?? ABSENT)}`;
}
