import { CommandRefused } from './command-refused';
import { readGatewayUrl } from './gateway-url';
import { readFlags } from './read-flags';

const flags = {
  market: { value: 'KRW-BTC', meaning: 'the market' },
  once: { meaning: 'once' },
  help: { meaning: 'this page' },
};
const read = (...args: string[]) => Object.fromEntries(readFlags(args, flags, 'known are'));

describe('flags', () => {
  it('are values and switches, in any order, spelled either way', () => {
    expect(read('--once', '--market', 'KRW-ETH')).toEqual({ once: true, market: 'KRW-ETH' });
    expect(read('--market= KRW-ETH ', '-h')).toEqual({ market: 'KRW-ETH', help: true });
    expect([read('help'), read()]).toEqual([{ help: true }, {}]);
  });

  it.each([
    [['--maket', 'x'], 'there is no flag --maket; known are --market, --once, --help'],
    [['KRW-BTC'], '"KRW-BTC" stands alone'],
    [['--once', '--once'], '--once is given twice'],
    [['--once=yes'], '--once takes no value'],
    [['--market'], '--market needs a value: KRW-BTC'],
    [['--market', '--once'], '--market needs a value: KRW-BTC'],
    [['--market=  '], '--market needs a value: KRW-BTC'],
    [['--constructor'], 'there is no flag --constructor'],
  ])('%j are refused, with what would be right', (args, message) => {
    expect(() => read(...args)).toThrow(CommandRefused);
    expect(() => read(...args)).toThrow(message);
  });
});

describe('a gateway to ask', () => {
  it('loses the slash at its end', () => {
    expect(readGatewayUrl('--gateway', 'HTTP://127.0.0.1:3000/')).toBe('HTTP://127.0.0.1:3000');
  });

  it.each(['127.0.0.1:3000', 'ftp://a', 'http://a/?b', 'http://u:p@a', 'http://a#b', 'http://'])(
    '"%s" is refused by its name',
    (given) => {
      expect(() => readGatewayUrl('GATEWAY_URL', given)).toThrow(
        'GATEWAY_URL: expected http://host:port',
      );
    },
  );
});
