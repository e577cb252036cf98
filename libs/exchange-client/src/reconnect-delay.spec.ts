import { reconnectDelayMs } from './reconnect-delay';

describe('delay before a new connection', () => {
  it.each([
    [1, 500, 1_000],
    [2, 1_000, 2_000],
    [3, 2_000, 4_000],
    [5, 8_000, 16_000],
    [6, 15_000, 30_000],
    [5_000, 15_000, 30_000],
  ])('after failure %d is %d to %d ms', (failures, leastMs, mostMs) => {
    expect(reconnectDelayMs(failures, 0)).toBe(leastMs);
    expect(reconnectDelayMs(failures, 0.999_999)).toBe(mostMs);
  });
});
