import path from 'node:path';
import { childEnvironment, parseSettings } from './env';
import { streamUrlOf } from './exchange';

describe('the settings', () => {
  it('need no variable at all', () => {
    const settings = parseSettings({}, []);

    expect(settings).toMatchObject({
      host: '127.0.0.1',
      port: 3000,
      exchange: { kind: 'simulator' },
      egressId: 'default',
      liveMarkets: '*',
      folders: { state: path.resolve('.candlekeep') },
    });
    expect(settings.given).toEqual({
      redisUrl: undefined,
      redisCacheUrl: undefined,
      databaseUrl: undefined,
    });
  });

  it('take a variable that is set to nothing as not set', () => {
    expect(parseSettings({ PORT: '', REDIS_URL: '' }, [])).toMatchObject({ port: 3000 });
  });

  it('ask the real exchange when told so', () => {
    const { exchange, folders } = parseSettings({}, ['--live-exchange']);

    expect(exchange).toEqual({ kind: 'address', url: 'https://api.upbit.com' });
    expect(path.basename(folders.exchange)).toBe('upbit');
  });

  it('keep what is learned from different exchanges in different folders', () => {
    const folderFor = (url: string): string =>
      path.basename(parseSettings({ UPBIT_REST_URL: url }, []).folders.exchange);

    expect(folderFor('https://api.upbit.com')).toBe('upbit');
    expect(folderFor('http://127.0.0.1:3900')).toBe('at-127.0.0.1-3900');
    expect(path.basename(parseSettings({}, []).folders.exchange)).toBe('simulator');
  });

  it('refuse to guess between --live-exchange and another address', () => {
    const contradiction = (): unknown =>
      parseSettings({ UPBIT_REST_URL: 'http://127.0.0.1:3900' }, ['--live-exchange']);

    expect(contradiction).toThrow('Unset UPBIT_REST_URL');
  });

  it.each(['abc', '0', '65536', '3.5'])('say what is wrong with the port "%s"', (port) => {
    expect(() => parseSettings({ PORT: port }, [])).toThrow(
      new RegExp(`PORT must be .*, but is "${port}"`),
    );
  });

  it.each(['a b', 'a:b', 'x'.repeat(65)])('refuse the egress name "%s"', (name) => {
    expect(() => parseSettings({ EGRESS_ID: name }, [])).toThrow(
      'EGRESS_ID must be 1 to 64 letters, digits, ".", "_" or "-"',
    );
  });

  it.each([' ', '0x10', '-1', '12345678'])('refuse the cap "%s" on calls', (text) => {
    expect(() => parseSettings({ LIMIT_PER_HOUR: text }, [])).toThrow(
      `LIMIT_PER_HOUR must be a whole number of calls such as 600, at most seven digits; 0 for no cap, but is "${text}"`,
    );
  });

  it.each(['all', 'KRW-BTC,', 'KRW-BTC KRW-ETH', 'krw-btc', '*,KRW-BTC'])(
    'refuse "%s" as the markets to follow',
    (markets) => {
      expect(() => parseSettings({ LIVE_MARKETS: markets }, [])).toThrow(
        `LIVE_MARKETS must be "*" or markets such as KRW-BTC,KRW-ETH, but is "${markets}"`,
      );
    },
  );

  it('refuse the stream of one exchange beside the candles of another', () => {
    const UPBIT_WS_URL = 'wss://api.upbit.com/websocket/v1';

    expect(() => parseSettings({ UPBIT_WS_URL }, [])).toThrow('Unset UPBIT_WS_URL');
    expect(parseSettings({ UPBIT_WS_URL }, ['--live-exchange'])).toMatchObject({
      streamUrl: UPBIT_WS_URL,
    });
  });

  it('name every wrong variable at once, and print no password', () => {
    const wrong = (): unknown =>
      parseSettings({ REDIS_URL: 'http://:secret@host', DATABASE_URL: 'secret' }, []);

    expect(wrong).toThrow(/REDIS_URL must be .*redis:[^]*DATABASE_URL must be .*postgres:/);
    expect(wrong).not.toThrow(/secret/);
  });
});

describe('the stream of an exchange', () => {
  it('lies at its REST address', () => {
    expect(streamUrlOf('https://api.upbit.com')).toBe('wss://api.upbit.com/websocket/v1');
    expect(streamUrlOf('http://127.0.0.1:3900/')).toBe('ws://127.0.0.1:3900/websocket/v1');
  });
});

describe('the environment of a child', () => {
  it('has what the child is given and not the address that was meant for the gateway', () => {
    const environment = childEnvironment({ REDIS_URL: 'redis://127.0.0.1:1' });

    expect(environment).toMatchObject({ REDIS_URL: 'redis://127.0.0.1:1' });
    expect(environment).not.toHaveProperty('PORT');
    expect(environment).not.toHaveProperty('CANDLEKEEP_FOLDER');
  });
});
