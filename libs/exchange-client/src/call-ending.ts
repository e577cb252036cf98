import type { CallEnding } from '@candlekeep/rate-limiter';
import { findRemainingInSecond } from './answer-headers';
import { ExchangeUnavailable } from './exchange-error';
import type { ExchangeAnswer } from './exchange-transport';
import { findRefusal } from './refusal';
import { findStatedBlockMs } from './stated-block';

/** What the limiter is told of a call that was answered. Faults inside a list are no matter of it: the exchange is there. */
export function endingOf(answer: ExchangeAnswer): CallEnding {
  if (answer.status === 429) return { kind: 'rate-limited' };
  if (answer.status === 418) {
    const statedMs = findStatedBlockMs(answer);
    return { kind: 'banned', ...(statedMs === undefined ? {} : { statedMs }) };
  }
  if (findRefusal(answer) instanceof ExchangeUnavailable) return { kind: 'failed' };
  const remainingInSecond = findRemainingInSecond(answer);
  return { kind: 'answered', ...(remainingInSecond === undefined ? {} : { remainingInSecond }) };
}
