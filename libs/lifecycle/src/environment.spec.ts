import { EnvironmentRefused, parseEnvironment, variables } from './environment';

const { REDIS_URL, REDIS_CACHE_URL, PORT } = variables;
const read = (given: Readonly<Record<string, string>>) =>
  parseEnvironment({ REDIS_URL, REDIS_CACHE_URL, PORT: PORT.optional() }, given);

describe('an environment', () => {
  it.each([
    ...['redis://host', 'redis://host:6379/', 'redis://:secret@host:6379/15', 'rediss://[::1]:1/0'],
    'redis://host:6379/2?family=6',
  ])('names a Redis: %s', (url) => {
    expect(read({ REDIS_URL: url, REDIS_CACHE_URL: '' })).toEqual({ REDIS_URL: url });
  });

  it.each([
    ['http://host', 'REDIS_URL: expected a URL that begins with redis:// or rediss://'],
    ['redis://:secret@host/main', 'REDIS_URL: expected nothing behind the port but the number'],
    ['redis://:secret@host/1/2', 'REDIS_URL: expected nothing behind the port but the number'],
  ])('names none, and no secret is repeated: %s', (url, reason) => {
    expect(() => read({ REDIS_URL: url })).toThrow(EnvironmentRefused);
    expect(() => read({ REDIS_URL: url })).toThrow(reason);
    expect(() => read({ REDIS_URL: url })).not.toThrow(/secret/);
  });

  it('is refused with every wrong variable in one message', () => {
    expect(() => read({ PORT: '70000', REDIS_CACHE_URL: 'x' })).toThrow(
      /REDIS_URL: required[^]*REDIS_CACHE_URL: expected[^]*PORT: /,
    );
  });
});
