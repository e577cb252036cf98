import { CommandRefused } from '@candlekeep/command-line';
import { findFlag, parseCommandLine, requireFlag } from './command-line';

const flagsOf = (...args: readonly string[]) => {
  const line = parseCommandLine(args);
  if (line.command === 'help') throw new Error('help was understood');
  return Object.fromEntries(line.flags);
};

describe('a command line', () => {
  it('is a command and its flags, the market and the timeframe as the house spells them', () => {
    expect(flagsOf('backfill', '--market', 'krw-btc', '--from=2025-09-01')).toEqual({
      ...{ market: 'KRW-BTC', from: '2025-09-01' },
    });
    expect(flagsOf('purge', '--market', 'KRW-BTC', '--yes')).toMatchObject({ yes: true });
    expect(flagsOf('verify', '--cancel', 'a', '--gateway', 'https://host:1/')).toEqual({
      ...{ cancel: 'a', gateway: 'https://host:1' },
    });
  });

  it.each([
    [['fill'], 'there is no command "fill": choose one of backfill, verify, purge'],
    [['backfill', '--markt', 'KRW-BTC'], 'there is no flag --markt; backfill knows --market, --t'],
    [['purge', '--from', '2025-09-01'], 'there is no flag --from; purge knows --market, --yes'],
    [['backfill', '-x'], 'there is no flag -x'],
    [['backfill', '--market'], '--market needs a value: KRW-BTC'],
    [['backfill', '--market', '--from', 'x'], '--market needs a value'],
    [['backfill', '--from', ''], '--from needs a value: 2025-09-01'],
    [['backfill', '--cancel', ''], '--cancel needs a value: <id>'],
    [['backfill', '--cancel=  '], '--cancel needs a value: <id>'],
    [['backfill', '--cancel', 'a', '--market', 'KRW-BTC'], '--cancel goes without --market'],
    [['verify', '--from', '2025-09-01', '--cancel', 'a'], '--cancel goes without --from'],
    [['backfill', '--from', 'a', '--from', 'b'], '--from is given twice'],
    [['purge', '--yes', '--yes'], '--yes is given twice'],
    [['purge', '--yes=no'], '--yes takes no value'],
    [['backfill', 'now'], '"now" stands alone'],
    [['backfill', '--market', 'BTC'], '--market: "BTC" is not a market'],
    [['backfill', '--timeframe', '2m'], '--timeframe: '],
    [['backfill', '--gateway', 'host:3000'], '--gateway: expected http://host:port'],
    [['backfill', '--gateway', 'http://:::1'], '--gateway: expected http://host:port'],
    [['backfill', '--gateway', 'http://me:word@host'], '--gateway: expected http://host:port'],
  ])('that cannot be understood is refused with what can be given: %j', (args, told) => {
    expect(() => parseCommandLine(args)).toThrow(CommandRefused);
    expect(() => parseCommandLine(args)).toThrow(told);
  });

  it('without a flag that must be there is refused with what that flag means', () => {
    const line = parseCommandLine(['backfill', '--market', 'KRW-BTC']);
    if (line.command === 'help') throw new Error('help was understood');
    expect(requireFlag(line, 'market')).toBe('KRW-BTC');
    expect(findFlag(line, 'to')).toBeUndefined();
    expect(() => requireFlag(line, 'from')).toThrow('--from is missing: 2025-09-01, first open');
  });

  it.each([[[]], [['--help']], [['-h']], [['help']]])(
    'that asks for help gets every page: %j',
    (args) => {
      const text = helpOf(args);
      for (const name of ['backfill', 'verify', 'purge'])
        expect(text).toContain(`npm run ${name} --`);
    },
  );

  it.each([
    [['verify', '--help']],
    [['verify', '-h']],
    [['verify', 'help']],
    [['help', 'verify']],
    [['verify', '--market', 'KRW-BTC', '--help']],
    [['verify', '--cancel', 'a', '-h']],
  ])('that asks for help on a command gets its page: %j', (args) => {
    const text = helpOf(args);
    expect(text).toContain('npm run verify -- [flags]');
    expect(text).toContain('3 nothing was stored, so nothing was compared; 130 you left');
    expect(text).not.toContain('npm run purge');
  });

  const helpOf = (args: readonly string[]): string => {
    const line = parseCommandLine(args);
    if (line.command !== 'help') throw new Error(`${line.command} was understood`);
    return line.text;
  };
});
