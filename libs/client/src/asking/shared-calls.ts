import { chance, sleep } from '../time';
import { waitBeforeRepeat } from './repeats';
import { type Patience, SharedCall } from './shared-call';

export interface SharedQuestion<Answer> {
  /** Equal questions have equal keys; also names it, for people. */
  readonly key: string;
  /** Asks once. The signal is aborted when nobody waits for the answer any more. */
  readonly ask: (signal: AbortSignal, isRepeated: boolean) => Promise<Answer>;
}

/** Equal questions under way are one. What is worth repeating is repeated while somebody has the time for it. */
export class SharedCalls<Answer> {
  private readonly underWay = new Map<string, SharedCall<Answer>>();
  private readonly share = chance();

  /** `retries`: how often a question is asked again at most. */
  constructor(private readonly retries: number) {}

  /** Rejects with what `ask` rejects with, with the signal's reason, or when the time is over. */
  async get(question: SharedQuestion<Answer>, patience: Patience): Promise<Answer> {
    patience.signal?.throwIfAborted();
    const call = this.underWay.get(question.key) ?? this.begin(question);
    return await call.join(patience);
  }

  /** Fails everything under way. */
  failAll(reason: unknown): void {
    for (const call of this.underWay.values()) call.fail(reason);
  }

  private begin(question: SharedQuestion<Answer>): SharedCall<Answer> {
    const call = new SharedCall<Answer>(question.key, () => {
      this.underWay.delete(question.key);
    });
    this.underWay.set(question.key, call);
    void this.run(call, question);
    return call;
  }

  /** Never rejects: whatever happens is told to those who wait. */
  private async run(call: SharedCall<Answer>, { ask }: SharedQuestion<Answer>): Promise<void> {
    for (let repeated = 0; !call.signal.aborted; repeated += 1) {
      try {
        call.succeed(await ask(call.signal, repeated > 0));
      } catch (failure) {
        const waitMs =
          repeated < this.retries ? waitBeforeRepeat(failure, repeated, this.share) : undefined;
        if (waitMs === undefined) call.fail(failure);
        else if (call.failAllBut(waitMs, failure)) await sleep(waitMs, call.signal);
      }
    }
  }
}
