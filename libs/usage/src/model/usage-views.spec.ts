import { seriesName } from '@candlekeep/market';
import { noteOf } from '../../testing/note-of';
import { UsageModel } from './usage-model';

const START_MS = Date.UTC(2026, 2, 2);
const HOUR_MS = 3_600_000;
const END_MS = START_MS + 72 * HOUR_MS;

/** Each hour at :00 two questions of KRW-BTC, and 2 s later one of KRW-ETH; three days long. */
function hourly(): UsageModel {
  const model = new UsageModel();
  for (let atMs = START_MS; atMs < END_MS; atMs += HOUR_MS) {
    model.learn(noteOf(atMs, { times: 2 }));
    model.learn(noteOf(atMs + 2_000, { market: 'KRW-ETH', count: 200, back: 100 }));
  }
  model.heard(END_MS - 1);
  return model;
}

describe('the patterns of a model', () => {
  const patterns = hourly().patterns(END_MS - 1);

  it('count requests a day, and by hour of day', () => {
    expect(patterns.requests).toBeGreaterThan(65);
    expect(patterns.requests).toBeLessThan(80);
    expect(patterns.hours).toHaveLength(24);
    patterns.hours.forEach((requests) => {
      expect(requests).toBeGreaterThan(2.4);
      expect(requests).toBeLessThan(3.6);
    });
  });

  it('name series with their share, followers with their delay, and habits', () => {
    const [first] = patterns.series;
    expect(first === undefined ? '' : seriesName(first.series)).toBe('KRW-BTC:15m');
    expect(first?.share).toBeCloseTo(2 / 3, 2);
    expect(patterns.followers).toMatchObject([
      { caller: 'bot', after: 'KRW-BTC:15m', next: 'KRW-ETH:15m', delayMs: 2_000 },
    ]);
    expect(patterns.habits).toHaveLength(2);
    expect(patterns.habits).toContainEqual(
      expect.objectContaining({
        series: 'KRW-ETH:15m',
        everyMs: HOUR_MS,
        phaseMs: 2_000,
        count: 200,
      }),
    );
  });
});

describe('the patterns of the first minutes', () => {
  const model = new UsageModel();
  for (let count = 0; count < 6; count += 1) model.learn(noteOf(START_MS + count * 10_000));
  const { requests, hours } = model.patterns(START_MS + 60_000);

  it('are told from an hour at least: six questions of a minute are six an hour', () => {
    expect(requests).toBeGreaterThan(140);
    expect(requests).toBeLessThan(150);
  });

  it('count an hour of day as it was heard', () => {
    expect(hours[0]).toBeGreaterThan(5.5);
    expect(hours[0]).toBeLessThan(6.5);
  });
});

describe('the worth of series', () => {
  it('is their share, the rows they need, and when they are needed next', () => {
    const [first, second] = hourly().worth(END_MS - 1_000);
    expect(first?.share).toBeCloseTo(2 / 3, 2);
    expect(first?.rows).toBe(60);
    expect(first?.nextUseMs).toBe(END_MS - 50);
    expect(second?.rows).toBe(300);
    expect(second?.nextUseMs).toBe(END_MS + 1_950);
  });

  it('says that the next use is unknown where nothing repeats', () => {
    const model = new UsageModel();
    model.learn(noteOf(START_MS));
    expect(model.worth(START_MS)).toMatchObject([{ rows: 60, share: 1 }]);
    expect(model.worth(START_MS)[0]?.nextUseMs).toBeUndefined();
  });
});
