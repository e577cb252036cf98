import { parseRecording, UnreadableRecording } from './recording-file';

const HEADER = 'KRW-TEST,2025-09-01T00:00:00,1,0.1';

describe('a recording file', () => {
  it('is read as differences: minutes skipped, open, high, low and close in ticks, then exact amounts', () => {
    const text = `${HEADER}\n,2980,,10,5,194886.77888268,58000000\n2,-3,1,,,0.00006968,0.0207\n`;
    const { market, firstMinute, tick, minutes } = parseRecording(text);
    expect([market, firstMinute * 60_000, tick, minutes.length]).toEqual([
      'KRW-TEST',
      Date.UTC(2025, 8, 1),
      10_000_000n,
      10_080,
    ]);
    const first = { open: 2_980, high: 2_985, low: 2_970, close: 2_985 };
    const second = { open: 2_982, high: 2_983, low: 2_982, close: 2_982 };
    expect(minutes.slice(0, 5)).toEqual([
      { ...first, volume: 19_488_677_888_268n, turnover: 5_800_000_000_000_000n },
      undefined,
      undefined,
      { ...second, volume: 6_968n, turnover: 2_070_000n },
      undefined,
    ]);
  });

  it('without turnover gets volume × mean of open, high, low and close, down to what its trades can come to', () => {
    const { minutes } = parseRecording(`${HEADER}\n,2980,1,1,1,3.00000001\n`);
    // (298.0 + 298.2 + 297.9 + 298.1) / 4 = 298.05; × 3.00000001 = 894.1500029805
    expect(minutes[0]?.turnover).toBe(89_415_000_298n);
    const whole = parseRecording(`KRW-TEST,2025-09-01T00:00:00,1,1000\n,2980,1,1,1,3.00000001\n`);
    // Volumes count 0.00000001, so at ticks of 1,000 amounts count 0.00001: 8,941,500.029805 rounded down.
    expect(whole.minutes[0]?.turnover).toBe(894_150_002_980_000n);
  });

  it.each([
    ['a missing field', ',2980,,10'],
    ['a price below zero', ',-2981,,,,1.5'],
    ['a minute beyond the last week', '10080,2980,,,,1.5'],
    ['too little volume for its trades', ',2980,,,,0.00000002'],
  ])('with %s is refused with the line', (_, line) => {
    expect(() => parseRecording(`${HEADER}\n,2980,,,,1\n${line}\n`)).toThrow(UnreadableRecording);
  });
});
