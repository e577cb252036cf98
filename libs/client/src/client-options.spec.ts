import { readOptions } from './client-options';

const baseUrl = 'http://127.0.0.1:3000';

describe('options', () => {
  it('have defaults', () => {
    expect(readOptions({ baseUrl })).toEqual({
      ...{ baseUrl: new URL(baseUrl), headers: {} },
      ...{ timeoutMs: 12_000, retries: 4, silenceMs: 20_000 },
    });
  });

  it.each([
    [{ baseUrl: '127.0.0.1:3000' }, "baseUrl is '127.0.0.1:3000': expected a gateway's address"],
    [{ baseUrl: 'ws://127.0.0.1' }, 'baseUrl is'],
    [{ baseUrl, timeoutMs: 0 }, 'timeoutMs is 0: expected milliseconds, 1 or more'],
    [{ baseUrl, timeoutMs: NaN }, 'timeoutMs is NaN'],
    [{ baseUrl, retries: 1.5 }, 'retries is 1.5: expected a whole number, 0 or more'],
    [{ baseUrl, silenceMs: -1 }, 'silenceMs is -1'],
    [{ baseUrl, caller: 'desk 7' }, "caller is 'desk 7': expected 1 to 64 letters"],
    [{ baseUrl, apiKey: 'secret\n' }, 'apiKey: expected visible ASCII characters'],
  ])('refuse %j', (options, reason) => {
    expect(() => readOptions(options)).toThrow(reason);
  });

  it.each([
    [
      { baseUrl, class: 'robot' },
      "class is 'robot': expected one of bot, monitor, chart, backtest",
    ],
    [{ baseUrl, timeoutMs: '500' }, "timeoutMs is '500': expected milliseconds, 1 or more"],
    [{ baseUrl, caller: 7 }, 'caller is 7: expected 1 to 64 letters'],
    [{ baseUrl, apiKey: 7 }, 'apiKey: expected visible ASCII characters'],
    [{ baseUrl, timeout: 500 }, 'a client has no option timeout: known are baseUrl, caller, class'],
    [{}, 'baseUrl is undefined: expected'],
    [undefined, 'a client takes an object of options'],
  ])('refuse what types would have refused: %j', (options, reason) => {
    const read = (): unknown => Reflect.apply(readOptions, undefined, [options]);
    expect(read).toThrow(TypeError);
    expect(read).toThrow(reason);
  });
});
