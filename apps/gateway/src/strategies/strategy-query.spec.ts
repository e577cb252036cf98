import { parseActive, parseStartUpError } from './strategy-query';

describe('the parameters of strategies', () => {
  it('say whether a strategy is to be active, or leave it as it is', () => {
    const given = [{ isActive: 'true' }, { isActive: 'false' }, {}];
    expect(given.map(parseActive)).toEqual([{ isActive: true }, { isActive: false }, {}]);
    for (const isActive of ['yes', '', ['true', 'false']]) {
      expect(() => parseActive({ isActive })).toThrow('isActive: expected true or false');
    }
    expect(() => parseActive({ isactive: 'true' })).toThrow('isactive: expected no such parameter');
  });

  it('say how accurate needs are to be, 0.1 % unless told otherwise', () => {
    expect(['0.01', '1e-6', undefined].map(parseStartUpError)).toEqual([0.01, 1e-6, 0.001]);
    for (const given of ['0', '1', '-0.1', 'small', '', ' ', 'NaN', ['0.1', '0.2']]) {
      expect(() => parseStartUpError(given)).toThrow('startUpError: expected a number from 1e-12');
    }
  });
});
