import { parseCallerClass } from './caller-class';

describe('the class of a caller', () => {
  it('is bot for whoever says nothing', () => {
    expect(parseCallerClass(undefined)).toBe('bot');
  });

  it.each([
    ['monitor', 'monitor'],
    [' Chart ', 'chart'],
    ['backtest', 'backtest'],
  ])('is read from the header: "%s"', (header, expected) => {
    expect(parseCallerClass(header)).toBe(expected);
  });

  it.each(['', 'bots', 'refresh', 'bot, chart', 'x'.repeat(500)])(
    'is refused with the words that there are: "%s"',
    (header) => {
      expect(() => parseCallerClass(header)).toThrow(
        /^X-Candlekeep-Class is ".{0,40}": expected one of bot, monitor, chart, backtest/,
      );
    },
  );
});
