import { judgeOffset, offsetOf } from './clock-offset';

const judge = (leastMs: number, mostMs: number) =>
  judgeOffset('clock', { leastMs, mostMs }, "that server's clock");

describe('the offset of a clock', () => {
  it('lies between question and answer', () => {
    const reading = { askedMs: 1_000, toldMs: 1_500, heardMs: 1_200 };
    expect(offsetOf(reading)).toEqual({ leastMs: 300, mostMs: 500 });
    expect(offsetOf({ ...reading, precisionMs: 1_000 })).toEqual({ leastMs: 300, mostMs: 1_500 });
  });

  it.each([
    [-300, 900, 'ok', "within 0.90 s of this machine's"],
    [-5_000, 6_000, 'ok', "within 6.00 s of this machine's"],
    [1_200, 2_000, 'warn', "1.20 s ahead of this machine's"],
    [-9_000, -1_300, 'warn', "1.30 s behind this machine's"],
    [-9_000, -5_000, 'fail', "5.00 s behind this machine's"],
    [60_000, 60_010, 'fail', "60.00 s ahead of this machine's"],
  ])('between %d and %d ms: %s', (leastMs, mostMs, state, seen) => {
    expect(judge(leastMs, mostMs)).toMatchObject({ state, seen });
  });
});
