import type { Count, Distribution, Metrics } from '@candlekeep/telemetry';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply } from 'fastify';
import type { AnswerSource, AnswerTally } from './answer-tally';
import { findAnswer } from './told-answer';

/** Where an answer came from; `none` for what is no answer of candles or texts. */
type Source = AnswerSource | 'none';

/** What was counted of one route and source. */
interface Tally {
  readonly durations: Distribution;
  readonly byStatus: Map<number, Count>;
}

/** Who counts the questions of a route: questions of the exchange's form are one a request. */
type Questions = 'one' | 'counted elsewhere' | 'none';

interface Route {
  readonly url: string;
  readonly questions: Questions;
  readonly bySource: Map<Source, Tally>;
}

/** Requests that no route takes. */
const NO_ROUTE = 'none';
const MS_PER_SECOND = 1_000;

/** Counts requests and how long they took. A route, source or status is looked up by identity; what is counted are integers in memory. */
export class RequestTally {
  private readonly routes = new Map<string, Route>();

  constructor(
    private readonly metrics: Metrics,
    private readonly answers: AnswerTally,
  ) {}

  /** Counts every reply of this application; to be called before it has routes. */
  attach(app: NestFastifyApplication): void {
    app
      .getHttpAdapter()
      .getInstance()
      .addHook('onResponse', (request, reply, done) => {
        this.note(request.routeOptions.url ?? NO_ROUTE, reply);
        done();
      });
  }

  private note(url: string, reply: FastifyReply): void {
    const { statusCode } = reply;
    const route = this.routes.get(url) ?? this.open(url);
    const answer = findAnswer(reply);
    const source = answer?.source ?? 'none';
    const tally = route.bySource.get(source) ?? this.openSource(route, source);
    tally.durations.observe(reply.elapsedTime / MS_PER_SECOND);
    (tally.byStatus.get(statusCode) ?? this.openStatus(route, source, statusCode)).add();
    if (route.questions === 'none') return;
    if (statusCode >= 400) this.answers.refused();
    else if (route.questions === 'one' && answer !== undefined) this.answers.answered(answer);
  }

  private open(url: string): Route {
    const route = { url, questions: questionsOf(url), bySource: new Map<Source, Tally>() };
    this.routes.set(url, route);
    return route;
  }

  private openSource(route: Route, source: Source): Tally {
    const durations = this.metrics.sizesOf('httpDuration', { route: route.url, source });
    const tally = { durations, byStatus: new Map<number, Count>() };
    route.bySource.set(source, tally);
    return tally;
  }

  private openStatus(route: Route, source: Source, statusCode: number): Count {
    const labels = { route: route.url, source, status: String(statusCode) };
    const count = this.metrics.count('httpRequests', labels);
    route.bySource.get(source)?.byStatus.set(statusCode, count);
    return count;
  }
}

function questionsOf(url: string): Questions {
  if (url.startsWith('/v1/')) return 'one';
  return url.startsWith('/api/candles') ? 'counted elsewhere' : 'none';
}
