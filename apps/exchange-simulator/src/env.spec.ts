import { InvalidEnvironment, parseEnv } from './env';

describe('the settings', () => {
  it('have defaults, and an empty variable is none', () => {
    expect(parseEnv({ PORT: '', CONTROL_PORT: '', PATH: '/bin' })).toEqual({
      HOST: '127.0.0.1',
      PORT: 3_900,
      LATENCY_MS: 0,
      LATENCY_PROFILE: 'none',
      LATENCY_SEED: 'latency',
      TIME_OFFSET_MS: 0,
    });
  });

  it('are read as numbers; port 0 means any free one', () => {
    const variables = { PORT: '0', CONTROL_PORT: '0', LATENCY_MS: '150', TIME_OFFSET_MS: '-2000' };
    expect(parseEnv(variables)).toMatchObject({
      PORT: 0,
      CONTROL_PORT: 0,
      LATENCY_MS: 150,
      TIME_OFFSET_MS: -2_000,
    });
  });

  it('that cannot be used are all named in one message', () => {
    const parse = (): unknown =>
      parseEnv({ PORT: '99999', LATENCY_MS: 'slow', LATENCY_PROFILE: 'fast' });
    expect(parse).toThrow(InvalidEnvironment);
    expect(parse).toThrow(/PORT: .*LATENCY_MS: .*LATENCY_PROFILE: /);
  });
});
