import { type CandleQuestion, pathOf } from '../answers/candle-request';
import { withServedSource } from '../answers/served-source';
import { isList, isRecord } from '../json-value';
import { onAbort } from '../on-abort';
import { CandlekeepRequestFailed } from '../request-failed';
import { after, atEndOfTick } from '../time';
import { itemRefusal } from '../transport/failures';
import type { GatewayDoor } from '../transport/gateway-door';
import { splitBatch } from './split-batch';

const BATCH_PATH = '/api/candles/batch';
/** Timers that were set together ring a little apart: repeated questions wait so long for one another, ms. */
const GATHER_MS = 20;

interface Entry {
  readonly question: CandleQuestion;
  /** Aborted when nobody waits for this one any more. */
  readonly signal: AbortSignal;
  readonly resolve: (body: unknown) => void;
  readonly reject: (reason: unknown) => void;
}

/** Questions of one tick travel together: one as a plain GET, several as a batch, each with its own outcome. */
export class TickBatch {
  private waiting: Entry[] = [];

  constructor(private readonly door: GatewayDoor) {}

  /** Resolves with the body's JSON value; rejects with {@link CandlekeepRequestFailed}. */
  async ask(question: CandleQuestion, signal: AbortSignal, isRepeated: boolean): Promise<unknown> {
    return await new Promise((resolve, reject) => {
      this.waiting.push({ question, signal, resolve, reject });
      const flush = (): void => {
        this.flush();
      };
      if (isRepeated) after(GATHER_MS, flush);
      else atEndOfTick(flush);
    });
  }

  private flush(): void {
    const wanted = this.waiting.filter(({ signal }) => !signal.aborted);
    this.waiting = [];
    for (const entries of splitBatch(wanted)) void this.send(entries);
  }

  /** Never rejects: every entry gets its outcome. */
  private async send(entries: readonly Entry[]): Promise<void> {
    const { signal, release } = abortedWithAll(entries.map((entry) => entry.signal));
    try {
      const [only, ...others] = entries;
      if (only === undefined) return;
      if (others.length === 0) await this.sendAlone(only, signal);
      else await this.sendAll(entries, signal);
    } catch (failure) {
      for (const { reject } of entries) reject(failure);
    } finally {
      release();
    }
  }

  private async sendAlone({ question, resolve }: Entry, signal: AbortSignal): Promise<void> {
    const { value, headers } = await this.door.read(pathOf(question), signal);
    resolve(withServedSource(value, headers));
  }

  private async sendAll(entries: readonly Entry[], signal: AbortSignal): Promise<void> {
    const requests = entries.map(({ question }) => question);
    const batch = await this.door
      .post(BATCH_PATH, { requests }, signal)
      .catch((failure: unknown) => {
        if (isTooMuchAtOnce(failure)) return undefined;
        throw failure;
      });
    if (batch === undefined) {
      await Promise.all(entries.map((entry) => this.send([entry])));
      return;
    }
    const body = batch.value;
    const answers = isRecord(body) && isList(body.answers) ? body.answers : [];
    if (answers.length !== entries.length) {
      throw new CandlekeepRequestFailed(
        `the gateway gave ${answers.length} answers to ${entries.length} questions at ${BATCH_PATH}: is it a Candlekeep of the same version?`,
      );
    }
    entries.forEach((entry, index) => {
      settle(entry, answers[index]);
    });
  }
}

/** More rows than the key may have in one request: what it may have one by one. */
function isTooMuchAtOnce(failure: unknown): boolean {
  return failure instanceof CandlekeepRequestFailed && failure.status === 400;
}

function settle({ question, resolve, reject }: Entry, answer: unknown): void {
  const status = isRecord(answer) && typeof answer.status === 'number' ? answer.status : 0;
  if (isRecord(answer) && status === 200) resolve(answer.body);
  else reject(itemRefusal(pathOf(question).path, status, isRecord(answer) && answer.problem));
}

/** A signal that is aborted when all of the given ones are; `release` takes its ears off them. */
function abortedWithAll(signals: readonly AbortSignal[]) {
  const controller = new AbortController();
  let left = signals.length;
  const count = (): void => {
    left -= 1;
    if (left === 0) controller.abort();
  };
  const releases = signals.map((signal) => onAbort(signal, count));
  const release = (): void => {
    for (const one of releases) one();
  };
  return { signal: controller.signal, release };
}
