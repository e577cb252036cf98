import { redact } from './logger';

describe('redact', () => {
  it('hides the password of a connection URL and keeps the host', () => {
    expect(redact('connect redis://user:s3cret@10.0.0.1:6379 failed')).toBe(
      'connect redis://user:***@10.0.0.1:6379 failed',
    );
    expect(redact('redis://:s3cret@h:1')).toBe('redis://:***@h:1');
  });

  it('hides passwords with characters that stand for something else in a URL', () => {
    const hidden = 'postgres://u:***@host:5432/db';
    for (const password of ['p@ss', 'p/a', 'a:b@c/d', String.raw`q\"t`, 'x'.repeat(200)]) {
      expect(redact(`at postgres://u:${password}@host:5432/db"`)).toBe(`at ${hidden}"`);
    }
    expect(redact('rediss://:a/b@h:1/2, redis://h:6379/0')).toBe(
      'rediss://:***@h:1/2, redis://h:6379/0',
    );
    expect(redact('https://u:p@ss@host/path')).toBe('https://u:***@host/path');
    expect(redact('"postgres://h/db?sslmode=off&password=p%20w&user=u"')).toBe(
      '"postgres://h/db?sslmode=off&password=***&user=u"',
    );
  });

  it('takes no longer for a line that looks like many secrets', () => {
    const line = 'redis://a:'.repeat(20_000);
    expect(redact(line)).toBe(line);
  }, 2_000);

  it('hides bearer tokens', () => {
    expect(redact('{"authorization":"Bearer abc.def"}')).toBe('{"authorization":"Bearer ***"}');
  });

  it('hides keys of callers and cookies of people', () => {
    const key = `ck_k5xw2mqa_${'x'.repeat(43)}`;
    expect(redact(`{"url":"/v1?key=${key}"}`)).toBe('{"url":"/v1?key=ck_k5xw2mqa_***"}');
    expect(redact('{"cookie":"session=abc"}')).toBe('{"cookie":"***"}');
  });

  it('leaves a URL without a password alone', () => {
    expect(redact('GET http://127.0.0.1:3000/v1?x=a@b')).toBe('GET http://127.0.0.1:3000/v1?x=a@b');
  });
});
