import { setMaxListeners } from 'node:events';
import { SystemClock } from '@candlekeep/clock';
import type { HttpAnswer } from '../http-get';

const clock = new SystemClock();

/** One answer of a gateway, and when it was asked for and had; epoch ms. */
export interface LiveAnswer {
  readonly path: string;
  readonly askedMs: number;
  readonly answeredMs: number;
  readonly status: number;
  /** `X-Candlekeep-As-Of`; NaN without. */
  readonly asOfMs: number;
  readonly cacheStatus: string;
  readonly body: string;
}

export interface LiveCallersParts {
  readonly ask: (path: string) => Promise<HttpAnswer>;
  readonly paths: readonly string[];
  readonly everyMs: number;
}

/** One caller for each question, which asks it again and again, without a word about its age: a second is what it takes. */
export class LiveCallers {
  readonly answers: LiveAnswer[] = [];

  constructor(private readonly parts: LiveCallersParts) {}

  /** Has all callers ask while `work` runs. */
  async during(work: () => Promise<unknown>): Promise<void> {
    const ended = new AbortController();
    setMaxListeners(0, ended.signal);
    const callers = this.parts.paths.map((path) => this.keepAsking(path, ended.signal));
    try {
      await work();
    } finally {
      ended.abort();
      await Promise.all(callers);
    }
  }

  /** Answers to questions asked from `fromMs` to `untilMs`, epoch ms. */
  between(fromMs: number, untilMs = Infinity): LiveAnswer[] {
    return this.answers.filter(({ askedMs }) => askedMs >= fromMs && askedMs < untilMs);
  }

  private async keepAsking(path: string, ended: AbortSignal): Promise<void> {
    while (!ended.aborted) {
      this.answers.push(await this.askOnce(path));
      await clock.sleep(this.parts.everyMs, ended).catch(() => undefined);
    }
  }

  private async askOnce(path: string): Promise<LiveAnswer> {
    const askedMs = clock.nowMs();
    const { status, headers, body } = await this.parts.ask(path);
    return {
      ...{ path, askedMs, answeredMs: clock.nowMs(), status, body },
      asOfMs: Number(headers['x-candlekeep-as-of']),
      cacheStatus: String(headers['cache-status']),
    };
  }
}

/** Where answers came from, by their `Cache-Status`, and how often. */
export function countSources(answers: readonly LiveAnswer[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status, cacheStatus } of answers) {
    const source = status === 200 ? cacheStatus.replace('candlekeep; ', '') : `status ${status}`;
    counts[source] = (counts[source] ?? 0) + 1;
  }
  return counts;
}
