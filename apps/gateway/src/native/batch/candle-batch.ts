import type { ApiProblems } from '../../api/api-problems';
import { badRequest } from '../../api/api-refusal';
import { problemBody } from '../../api/problem-body';
import { retryAfterSeconds } from '../../api/retry-after-seconds';
import type { AnswerTally } from '../../metrics/answer-tally';
import { requireAffordable } from '../affordable';
import type { Asker } from '../asker';
import type { NativeCandles } from '../native-candles';
import type { BatchItem } from './batch-request';

export interface CandleBatchParts {
  readonly candles: Pick<NativeCandles, 'newest'>;
  readonly problems: ApiProblems;
  readonly tally: Pick<AnswerTally, 'refused'>;
}

/** Many questions in one request, each with a status of its own. */
export class CandleBatch {
  constructor(private readonly parts: CandleBatchParts) {}

  /** `{"answers":[…]}` in the order in which they were asked. All are read at once; the bodies are put together as they are. Rejects with an `ApiRefusal` for more than the key may have. */
  async answer(items: readonly BatchItem[], asker: Asker, signal?: AbortSignal): Promise<Buffer> {
    const counts = items.map(({ asked }) =>
      asked.kind === 'understood' ? asked.question.span.count : 0,
    );
    const rows = counts.reduce((sum, count) => sum + count, 0);
    requireAffordable(rows, 'requests', asker);
    const answers = await Promise.all(items.map((item) => this.one(item, asker, signal)));
    const parts = answers.flatMap((answer, index) => (index === 0 ? [answer] : [COMMA, answer]));
    return Buffer.concat([Buffer.from('{"answers":['), ...parts, Buffer.from(']}')]);
  }

  private async one({ id, asked }: BatchItem, asker: Asker, signal?: AbortSignal): Promise<Buffer> {
    const name = id === undefined ? '' : `"id":${JSON.stringify(id)},`;
    try {
      if (asked.kind === 'refused') throw badRequest(asked.errors);
      const { question, maxAgeMs = asker.terms.maxAgeMs } = asked;
      const own = { ...asker, terms: { ...asker.terms, maxAgeMs } };
      const { body, finalCount } = await this.parts.candles.newest(question, own, signal);
      asker.pay?.(finalCount);
      return Buffer.concat([Buffer.from(`{${name}"status":200,"body":`), body, Buffer.from('}')]);
    } catch (error) {
      this.parts.tally.refused();
      const { status, detail, errors } = this.parts.problems.of(error);
      // One item has no headers, where a single request says it.
      const again = { retryAfterSeconds: retryAfterSeconds(status, error) };
      const problem = problemBody(status, detail, errors, again);
      return Buffer.from(`{${name}"status":${status},"problem":${problem}}`);
    }
  }
}

const COMMA = Buffer.from(',');
