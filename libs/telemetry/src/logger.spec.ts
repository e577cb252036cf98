import { redact } from './logger';

describe('redact', () => {
  it('hides the password of a connection URL and keeps the host', () => {
    expect(redact('connect redis://user:s3cret@10.0.0.1:6379 failed')).toBe(
      'connect redis://user:***@10.0.0.1:6379 failed',
    );
    expect(redact('redis://:s3cret@h:1')).toBe('redis://:***@h:1');
  });

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
