import { isAtLeast } from './version';

describe('whether a version is new enough', () => {
  it.each([
    ['7.2.4', '6.2', true],
    ['6.2.0', '6.2', true],
    ['6.10.1', '6.2', true],
    ['10.0', '6.2', true],
    ['6.0.16', '6.2', false],
    ['5.9', '6.2', false],
    ['20.19.0', '20.19', true],
    ['20.9.1', '20.19', false],
    ['22.0.0-nightly', '20.19', true],
    ['unknown', '6.2', false],
  ])('%s against %s: %s', (running, least, expected) => {
    expect(isAtLeast(running, least)).toBe(expected);
  });
});
