import { exchangeWays } from './exchange-ways';
import { readSettings } from './settings';
import type { Surroundings } from './surroundings';

type Servers = Surroundings['servers'];

const statesOf = (variables: Surroundings['variables'], servers: Servers = 'none') =>
  readSettings({ variables, servers }).findings.map(({ check, state }) => `${check}: ${state}`);

const given = {
  REDIS_URL: 'redis://127.0.0.1:1',
  DATABASE_URL: 'postgres://127.0.0.1:2/candles',
};

describe('settings', () => {
  it('can all be left out', () => {
    expect(statesOf({})).toEqual([
      'settings of gateway: ok',
      'settings of worker: ok',
      'settings of live: ok',
      'settings of npm start: ok',
    ]);
  });

  it('are read as each process reads them, with every wrong one named', () => {
    const variables = { LIMIT_PER_HOUR: '0x10', EGRESS_ID: 'a b', CORS_ORIGINS: 'everybody' };
    const { findings } = readSettings({ variables, servers: 'none' });
    expect(findings.map(({ state }) => state)).toEqual(['fail', 'fail', 'ok', 'fail']);
    expect(findings[0]?.seen).toContain('CORS_ORIGINS: expected origins');
    expect(findings[1]?.seen).toMatch(
      /LIMIT_PER_HOUR: expected .*EGRESS_ID: expected|EGRESS_ID.*LIMIT_PER_HOUR/,
    );
    expect(findings[3]?.seen).toContain('LIMIT_PER_HOUR must be');
  });

  it('that npm start alone refuses are a warning where servers are named: a house runs without it', () => {
    const variables = { ...given, UPBIT_WS_URL: 'wss://api.upbit.com/websocket/v1' };
    expect(statesOf(variables, 'given')).toContain('settings of npm start: warn');
    expect(statesOf(variables)).toContain('settings of npm start: fail');
  });
});

describe('the ways to the exchange', () => {
  const ways = (variables: Surroundings['variables'], servers: Servers) => {
    const surroundings = { variables, servers };
    return exchangeWays(surroundings, readSettings(surroundings));
  };

  it('are the real one, and not needed where npm start brings a simulated one', () => {
    expect(ways({}, 'none')).toEqual({
      restUrl: 'https://api.upbit.com',
      streamUrl: 'wss://api.upbit.com/websocket/v1',
      isNeeded: false,
    });
  });

  it('keep to one exchange, as npm start does, unless processes run one by one', () => {
    const variables = { UPBIT_REST_URL: 'http://127.0.0.1:3900' };
    expect(ways(variables, 'none')).toEqual({
      restUrl: 'http://127.0.0.1:3900',
      streamUrl: 'ws://127.0.0.1:3900/websocket/v1',
      isNeeded: true,
    });
    expect(ways({ ...variables, ...given }, 'given')).toMatchObject({
      streamUrl: 'wss://api.upbit.com/websocket/v1',
      isNeeded: true,
    });
  });

  it('are unknown where their settings cannot be used', () => {
    expect(ways({ UPBIT_REST_URL: 'upbit' }, 'none')).toBeUndefined();
  });
});
