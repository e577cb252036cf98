import { shortWireNumber, wireDouble, wireNumber } from './wire-number';

describe('a number on the stream', () => {
  it.each([
    ['91154000.00000000', '91154000.00000000'],
    ['0.00000100', '0.00000100'],
    ['0.00000021', '2.1E-7'],
    ['0.00000010', '1.0E-7'],
    ['-0.00000021', '-2.1E-7'],
    ['0.00000000', '0E-8'],
  ])('%s is printed %s with all of its digits', (text, printed) => {
    expect(wireNumber(text)).toBe(printed);
  });

  it.each([
    ['91361000.00000000', '91361000.0'],
    ['41.20000000', '41.2'],
    ['0.00000022', '2.2E-7'],
    ['0.00000010', '1E-7'],
    ['0.00000000', '0E-8'],
  ])('%s is printed %s without the zeros at its end', (text, printed) => {
    expect(shortWireNumber(text)).toBe(printed);
  });

  it('has no point at all where none is wanted', () => {
    expect(shortWireNumber('91370000.00000000', 0)).toBe('91370000');
  });

  it.each([
    ['116539000.00000000', '1.16539E8'],
    ['100000000.00000000', '1.0E8'],
    ['9999999.00000000', '9999999.0'],
    ['0.00079276', '7.9276E-4'],
    ['0.00100000', '0.001'],
  ])('%s is printed %s as a double', (text, printed) => {
    expect(wireDouble(text)).toBe(printed);
  });
});
