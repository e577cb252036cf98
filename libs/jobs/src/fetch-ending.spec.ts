import { failedEnding, FetchFailed, parseEnding } from './fetch-ending';
import { QueueFull } from './fetch-refusals';

describe('the ending of a fetch', () => {
  it('carries the worker’s own reason, and when asking again can help', () => {
    const error = new QueueFull('KRW-BTC:1m:head', 10);
    const ending = parseEnding(JSON.stringify(failedEnding('KRW-BTC:1m:head', error)));
    if (ending?.kind !== 'failed') throw new Error('expected a failure');
    const { code, message, retryable, retryAfterMs } = new FetchFailed(ending);
    expect({ code, message, retryable, retryAfterMs }).toEqual({
      ...{ code: 'QUEUE_FULL', message: error.message, retryable: true, retryAfterMs: 5_000 },
    });
  });

  it('keeps an unforeseen error to the worker’s log, and a long reason short', () => {
    expect(failedEnding('x', new Error('secret')).message).not.toContain('secret');
    const long = failedEnding('x', new QueueFull('y'.repeat(5_000), 1));
    expect(parseEnding(JSON.stringify(long))).toBeDefined();
  });

  it.each(['', 'nonsense', '{}', '{"id":"x","kind":"later"}', '{"id":1,"kind":"done"}'])(
    'is not read from %j',
    (text) => {
      expect(parseEnding(text)).toBeUndefined();
    },
  );
});
