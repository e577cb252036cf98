import { parseEnv } from './env';

const SERVERS = { REDIS_URL: 'redis://127.0.0.1:6379', DATABASE_URL: 'postgres://127.0.0.1/ck' };

describe('the environment of a live process', () => {
  it('follows one market of the exchange’s own stream unless it says otherwise', () => {
    expect(parseEnv(SERVERS)).toMatchObject({
      ...{ LIVE_MARKETS: ['KRW-BTC'], UPBIT_WS_URL: 'wss://api.upbit.com/websocket/v1' },
    });
  });

  it.each([
    ['*', 'all-krw'],
    ['KRW-ETH', ['KRW-ETH']],
    ['KRW-ETH, KRW-BTC,KRW-ETH', ['KRW-ETH', 'KRW-BTC']],
  ])('takes LIVE_MARKETS %j', (text, choice) => {
    expect(parseEnv({ ...SERVERS, LIVE_MARKETS: text }).LIVE_MARKETS).toEqual(choice);
  });

  it.each(['KRW-BTC,*', 'krw-btc', 'BTC', 'KRW-BTC,', ','])('refuses LIVE_MARKETS %j', (text) => {
    const parse = () => parseEnv({ ...SERVERS, LIVE_MARKETS: text });
    expect(parse).toThrow(/LIVE_MARKETS: .* is no market: expected codes such as KRW-BTC/);
  });

  it('refuses a stream that is none, without repeating it', () => {
    const parse = () => parseEnv({ ...SERVERS, UPBIT_WS_URL: 'https://user:secret@example.org' });
    expect(parse).toThrow(/UPBIT_WS_URL: expected a URL that begins with wss:\/\/ or ws:\/\//);
    expect(parse).not.toThrow(/secret/);
  });
});
