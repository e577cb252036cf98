import type { CandleAnswers } from '../native/answers/candle-answers';
import type { NativeAnswer, WholeAnswer } from '../native/answers/native-answer';
import type { AnswerTally } from './answer-tally';

type Answers = Pick<CandleAnswers, 'answer' | 'newest'>;

/** Answers of our own API, each counted when it is known whole. */
export class CountedAnswers implements Answers {
  constructor(
    private readonly answers: Answers,
    private readonly tally: Pick<AnswerTally, 'answered'>,
  ) {}

  async answer(...[question, ...terms]: Parameters<Answers['answer']>): Promise<NativeAnswer> {
    const { span } = question;
    if (span.kind === 'newest') return await this.newest({ ...question, span }, ...terms);
    const answer = await this.answers.answer(question, ...terms);
    if (answer.kind === 'whole') {
      // Of a range nobody says beforehand how many candles it holds.
      this.tally.answered(answer, answer.finalCount);
      return answer;
    }
    const end = (): void => {
      this.tally.answered(...answer.given());
      answer.end();
    };
    return { ...answer, end };
  }

  async newest(...[question, ...terms]: Parameters<Answers['newest']>): Promise<WholeAnswer> {
    const answer = await this.answers.newest(question, ...terms);
    this.tally.answered(answer, question.span.count);
    return answer;
  }
}
