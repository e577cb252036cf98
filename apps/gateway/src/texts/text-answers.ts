import { TextJourney } from './text-journey';
import type { TextAnswersParts, TextQuestion, TextReading, TextWish } from './text-question';

/** The exchange's own text, at most as old as the caller accepts: from the cache, or through one job for all who ask. */
export class TextAnswers {
  constructor(private readonly parts: TextAnswersParts) {}

  /** Rejects with the worker's reason, or with `TextAnswerMissing`. */
  async read(question: TextQuestion, wish: TextWish): Promise<TextReading> {
    this.parts.failures.settle();
    return await new TextJourney(question, wish, this.parts).run();
  }
}
