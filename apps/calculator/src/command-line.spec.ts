import { CommandRefused } from '@candlekeep/command-line';
import { parseCommandLine, type Settings } from './command-line';
import type { CalculatorEnv } from './env';

const settingsOf = (args: readonly string[], env: CalculatorEnv = {}): Settings => {
  const parsed = parseCommandLine(args, env);
  if ('help' in parsed) throw new Error('help was understood');
  return parsed;
};

describe('a command line', () => {
  it('that is empty means to follow KRW-BTC 1m of the gateway on this machine', () => {
    expect(settingsOf([])).toMatchObject({
      ...{ gatewayUrl: 'http://127.0.0.1:3000', market: 'KRW-BTC', timeframe: { code: '1m' } },
      ...{ isClosedOnly: false, mode: { kind: 'follow' } },
    });
  });

  it('leaves to the environment what it does not say', () => {
    const env = { GATEWAY_URL: 'https://host:1/', MARKET: 'krw-eth', TIMEFRAME: '4h' };
    expect(settingsOf(['--timeframe', '1h', '--closed'], env)).toMatchObject({
      ...{ gatewayUrl: 'https://host:1', market: 'KRW-ETH', timeframe: { code: '60m' } },
      isClosedOnly: true,
    });
  });

  it('chooses a mode', () => {
    expect(settingsOf(['--once']).mode).toEqual({ kind: 'once' });
    expect(settingsOf(['--instances', '3']).mode).toEqual({
      ...{ kind: 'load', instances: 3, seconds: 10 },
    });
    expect(settingsOf(['--instances=3', '--seconds=60', '--every=250']).mode).toEqual({
      ...{ kind: 'load', instances: 3, seconds: 60, everyMs: 250 },
    });
  });

  it.each([
    [['--markt', 'KRW-BTC'], 'there is no flag --markt; known are --gateway, --market, --t'],
    [['-x'], 'there is no flag -x'],
    [['KRW-BTC'], '"KRW-BTC" stands alone; known are'],
    [['--market'], '--market needs a value: KRW-BTC'],
    [['--market', '--once'], '--market needs a value'],
    [['--market='], '--market needs a value'],
    [['--market', 'BTC'], '--market: "BTC" is not a market: expected one pair such as KRW-BTC'],
    [['--timeframe', '2m'], '--timeframe: "2m" is not a timeframe: expected one of 1s, 1m'],
    [['--timeframe', '1s'], '--timeframe: seconds are not streamed: use --once'],
    [['--gateway', 'host:3000'], '--gateway: expected http://host:port'],
    [['--gateway', 'http://me:word@host'], '--gateway: expected http://host:port'],
    [['--once=yes'], '--once takes no value'],
    [['--once', '--once'], '--once is given twice'],
    [['--seconds', '5'], '--seconds is of load alone: give --instances as well'],
    [['--once', '--instances', '2'], '--once shows a table and --instances makes load'],
    [['--instances', '0'], '--instances: "0" is not a whole number from 1 to 1,000'],
    [['--instances', '1', '--seconds', '1.5'], '--seconds: "1.5" is not a whole number from 1'],
    [
      ['--instances', '1', '--every', 'x'],
      '--every: "x" is not a whole number from 1 to 3,600,000',
    ],
  ])('that cannot be understood is refused with what would be right: %j', (args, told) => {
    expect(() => settingsOf(args)).toThrow(CommandRefused);
    expect(() => settingsOf(args)).toThrow(told);
  });

  it('may name seconds where nothing is followed', () => {
    for (const mode of [['--once'], ['--instances', '2']]) {
      expect(settingsOf([...mode, '--timeframe', '1s']).timeframe.code).toBe('1s');
    }
    expect(() => settingsOf([], { TIMEFRAME: '1s' })).toThrow('TIMEFRAME: seconds are not');
    expect(settingsOf(['--once'], { TIMEFRAME: '1s' }).timeframe.code).toBe('1s');
  });

  it('is refused in the name of the variable where the environment is wrong', () => {
    expect(() => settingsOf([], { MARKET: 'BTC' })).toThrow('MARKET: "BTC" is not a market');
    expect(() => settingsOf([], { GATEWAY_URL: 'x' })).toThrow('GATEWAY_URL: expected http://');
    expect(settingsOf(['--market', 'KRW-XRP'], { MARKET: 'BTC' }).market).toBe('KRW-XRP');
  });

  it.each([['--help'], ['-h']])('that asks for help gets its page: %s', (flag) => {
    const parsed = parseCommandLine(['--once', flag], {});
    const text = 'help' in parsed ? parsed.help : '';
    expect(text).toContain('npm run -s calculator -- [flags]');
    expect(text).toMatch(/--instances 20 +make load/);
    expect(text).toContain('--closed leaves it out');
    expect(text).toContain('seconds (1s) are not streamed');
  });
});
