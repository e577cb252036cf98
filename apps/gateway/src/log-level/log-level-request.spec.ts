import { ApiRefusal } from '../api/api-refusal';
import { parseLogLevelRequest } from './log-level-request';

const refusalOf = (body: unknown): ApiRefusal => {
  try {
    parseLogLevelRequest(body);
  } catch (error) {
    if (error instanceof ApiRefusal) return error;
    throw error;
  }
  throw new Error(`${JSON.stringify(body)} was taken`);
};

const LEVEL = 'expected one of debug, info, warn, error, silent';
const SECONDS = 'expected a whole number of seconds from 1 to 86400';

describe('a wish for a log level', () => {
  it('is for all processes and ten minutes, unless it says more', () => {
    expect(parseLogLevelRequest({ level: 'debug' })).toEqual({ level: 'debug', seconds: 600 });
    const whole = { level: 'warn', process: 'live', seconds: 86_400 };
    expect(parseLogLevelRequest(whole)).toEqual(whole);
  });

  it.each([
    [{ level: 'loud' }, { level: LEVEL }],
    [{}, { level: LEVEL }],
    [
      { level: 'debug', process: 'all' },
      { process: 'expected one of gateway, worker, live, or nothing for all' },
    ],
    [{ level: 'debug', seconds: 0 }, { seconds: SECONDS }],
    [{ level: 'debug', seconds: 86_401 }, { seconds: SECONDS }],
    [{ level: 'debug', seconds: 1.5 }, { seconds: SECONDS }],
    [{ level: 'debug', seconds: '60' }, { seconds: SECONDS }],
    [{ level: 'debug', second: 60 }, { body: 'expected level, process and seconds alone' }],
    [[], { body: 'expected an object such as {"level": "debug"}' }],
    [undefined, { body: 'expected an object such as {"level": "debug"}' }],
    [
      { level: 1, seconds: -1 },
      { level: LEVEL, seconds: SECONDS },
    ],
  ])('%j is refused, each field with what would be right', (body, expected) => {
    const { status, errors } = refusalOf(body);
    expect(status).toBe(400);
    expect(Object.fromEntries(errors.map((one) => [one.field, one.expected]))).toEqual(expected);
  });
});
