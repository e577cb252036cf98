import { parseEnv } from './env';

const NEEDED = {
  REDIS_URL: 'redis://127.0.0.1:6379',
  DATABASE_URL: 'postgres://127.0.0.1:5432/candlekeep',
};

describe("the worker's environment", () => {
  it('caps calls politely unless told otherwise', () => {
    expect(parseEnv(NEEDED)).toMatchObject({ LIMIT_PER_MINUTE: 600, LIMIT_PER_HOUR: 6_000 });
  });

  it.each([
    ['0', 0],
    ['30', 30],
    ['9999999', 9_999_999],
    ['', 600],
  ])('takes a cap of "%s" as %d calls', (text, calls) => {
    expect(parseEnv({ ...NEEDED, LIMIT_PER_MINUTE: text }).LIMIT_PER_MINUTE).toBe(calls);
  });

  it.each([' ', '0x10', '1e3', '-1', '6.5', ' 60', '12345678', 'none'])(
    'refuses a cap of "%s", and says what would be right',
    (text) => {
      const wrong = (): unknown => parseEnv({ ...NEEDED, LIMIT_PER_HOUR: text });
      expect(wrong).toThrow('LIMIT_PER_HOUR: expected a whole number of calls an hour');
    },
  );
});
