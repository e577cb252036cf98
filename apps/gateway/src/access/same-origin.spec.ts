import { isFromOwnPage, isFromStrangersPage } from './same-origin';

const host = 'gateway:3000';
const asked = (headers: Readonly<Record<string, string>>) => ({ headers: { host, ...headers } });

describe('where a browser says that a request comes from', () => {
  it.each([
    [{ 'sec-fetch-site': 'same-origin' }, true],
    [{ 'sec-fetch-site': 'same-origin', origin: 'https://gateway:3000' }, true],
    [{ origin: 'http://gateway:3000' }, true],
    [{ 'sec-fetch-site': 'same-site', origin: 'http://gateway:3000' }, false],
    [{ 'sec-fetch-site': 'same-origin', origin: 'http://evil' }, false],
    [{ 'sec-fetch-site': 'none' }, false],
    [{ 'sec-fetch-site': 'cross-site' }, false],
    [{ origin: 'http://gateway:3001' }, false],
    [{ origin: 'null' }, false],
    [{}, false],
  ])('%j proves our own page: %s', (headers, expected) => {
    expect(isFromOwnPage(asked(headers))).toBe(expected);
  });

  it.each([
    [{}, false],
    [{ origin: 'http://gateway:3000' }, false],
    [{ origin: 'http://evil' }, true],
    [{ origin: 'http://gateway:3001' }, true],
    [{ origin: 'null' }, true],
    [{ 'sec-fetch-site': 'none' }, false],
    [{ 'sec-fetch-site': 'same-origin' }, false],
    [{ 'sec-fetch-site': 'cross-site' }, true],
    [{ 'sec-fetch-site': 'same-site', origin: 'http://evil' }, true],
    [{ 'sec-fetch-site': 'cross-site', origin: 'https://charts' }, true],
  ])('%j shows a stranger’s page: %s', (headers, expected) => {
    expect(isFromStrangersPage(asked(headers))).toBe(expected);
  });
});
