import { LANES } from '@candlekeep/market';
import type { Span, SpanStart } from '@candlekeep/telemetry';
import type { ExchangeAnswer } from './exchange-transport';
import type { LimitGroup } from './limit-group';

/** What a trace tells of a call beside its target. */
export interface CallTraits {
  readonly group: LimitGroup;
  /** As its demand said when it was sent; 0 is the most urgent. */
  readonly rank: number;
  /** For its permit, ms. */
  readonly waitedMs: number;
}

/** A call of the exchange as a trace tells it; `target` is path and query, which hold no secret: the questions are public. */
export function spanOfCall(target: string, { group, rank, waitedMs }: CallTraits): SpanStart {
  const [path = '', query] = target.split('?', 2);
  return {
    name: `GET ${path}`,
    kind: 'client',
    facts: {
      'http.request.method': 'GET',
      'url.path': path,
      'url.query': query,
      'candlekeep.limit_group': group,
      'candlekeep.lane': LANES[rank],
      'candlekeep.permit_wait_ms': Math.round(waitedMs),
    },
  };
}

/** How it was answered: what is no success has failed. */
export function tellAnswer(span: Span, { status }: Pick<ExchangeAnswer, 'status'>): void {
  span.tell({ 'http.response.status_code': status });
  if (status >= 400) span.fail(String(status));
}
