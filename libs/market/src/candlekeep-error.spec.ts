import { assertNever, CandlekeepError, InvalidValue } from './candlekeep-error';

describe('errors', () => {
  it('carry their name, a stable code, whether to retry, and their cause', () => {
    const cause = new Error('socket closed');
    const error = new InvalidValue('"x" is not a market', { cause });
    expect(error).toBeInstanceOf(CandlekeepError);
    expect(error).toMatchObject({ name: 'InvalidValue', code: 'INVALID_VALUE', retryable: false });
    expect(error.cause).toBe(cause);
  });

  it('name the case that a switch forgot', () => {
    const reach = (): unknown => Reflect.apply(assertNever, undefined, [{ kind: 'new' }]);
    expect(reach).toThrow('unexpected case: {"kind":"new"}');
  });
});
