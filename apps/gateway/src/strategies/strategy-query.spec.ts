import { parseActive, parseStartUpError } from './strategy-query';

describe('the parameters of strategies', () => {
  it('say whether a strategy is to be active, or leave it as it is', () => {
    expect(['true', 'false', undefined].map(parseActive)).toEqual([
      ...[{ isActive: true }, { isActive: false }, {}],
    ]);
    for (const given of ['yes', '', ['true', 'false']]) {
      expect(() => parseActive(given)).toThrow('active: expected true or false');
    }
  });

  it('say how accurate needs are to be, 0.1 % unless told otherwise', () => {
    expect(['0.01', '1e-6', undefined].map(parseStartUpError)).toEqual([0.01, 1e-6, 0.001]);
    for (const given of ['0', '1', '-0.1', 'small', '', ' ', 'NaN', ['0.1', '0.2']]) {
      expect(() => parseStartUpError(given)).toThrow('startUpError: expected a number from 1e-12');
    }
  });
});
