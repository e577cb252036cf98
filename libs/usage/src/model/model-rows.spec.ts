import { SeededRandom } from '../../../../test/support/seeded-random';
import { DAY_MS, HabitWorld } from '../../testing/habit-world';
import { noteOf } from '../../testing/note-of';
import { MOST_ROW_LENGTH } from './question-row';
import { type ModelRow, UsageModel } from './usage-model';

const START_MS = Date.UTC(2026, 2, 2);
const HOUR_MS = 3_600_000;

function learned(): UsageModel {
  const model = new UsageModel();
  const terms = { startMs: START_MS, days: 4, driftDay: 2, noise: 0.2 };
  new HabitWorld(new SeededRandom(7), terms).run().forEach((note) => model.learn(note));
  return model;
}

/** As a database would keep it. */
function stored(rows: readonly ModelRow[]): ModelRow[] {
  return rows.map(({ key, data }) => {
    const kept: unknown = JSON.parse(JSON.stringify(data));
    return { key, data: kept };
  });
}

describe('the rows of a model', () => {
  it('give the same predictions back', () => {
    const model = learned();
    const again = new UsageModel();
    again.restore(stored(model.changes()));
    expect(again.counts).toEqual({ ...model.counts, unreadable: 0 });
    const window = { fromMs: START_MS + 4 * DAY_MS, untilMs: START_MS + 5 * DAY_MS, atLeast: 0.5 };
    const before = model.predict(window);
    const after = again.predict(window);
    expect(before.length).toBeGreaterThan(100);
    const known = new Map(after.map((one) => [`${one.caller} ${one.fromMs} ${one.untilMs}`, one]));
    const same = before.filter(({ caller, fromMs, untilMs, probability }) => {
      const other = known.get(`${caller} ${fromMs} ${untilMs}`);
      return Math.abs((other?.probability ?? 0) - probability) < 0.02;
    });
    expect(same.length / before.length).toBeGreaterThan(0.99);
    expect(Math.abs(after.length - before.length) / before.length).toBeLessThan(0.01);
  });

  it('are short, and only those that changed', () => {
    const model = learned();
    const rows = model.changes();
    const lengths = rows.map(({ data }) => JSON.stringify(data).length);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(MOST_ROW_LENGTH);
    expect(model.changes()).toEqual([]);
    model.learn(noteOf(START_MS + 5 * DAY_MS));
    expect(model.changes().map(({ key }) => key)).toEqual(['bot KRW-BTC 15m 60 0 1000', '#totals']);
  });

  it('are left out and counted when they cannot be read', () => {
    const model = new UsageModel();
    model.learn(noteOf(START_MS));
    const [row] = model.changes();
    const again = new UsageModel();
    again.restore([
      { key: 'bot KRW-BTC 15m 60 0 1000', data: { v: 99 } },
      { key: 'nonsense', data: row?.data },
      { key: '#totals', data: 'nothing' },
      { key: 'bot KRW-ETH 15m 60 0 1000', data: undefined },
      { key: 'bot KRW-XRP 15m 60 0 1000', data: row?.data },
    ]);
    expect(again.counts).toEqual({ questions: 1, unreadable: 4 });
  });
});

describe('the memory of a model', () => {
  it('is bounded: the least asked are forgotten, and said to be', () => {
    const random = new SeededRandom(3);
    const model = new UsageModel({ mostQuestions: 100 });
    for (let hour = 0; hour < 60; hour += 1) {
      model.learn(noteOf(START_MS + hour * HOUR_MS));
      for (let other = 0; other < 10; other += 1) {
        const count = random.between(1, 200);
        const market = `KRW-X${random.between(1, 999)}`;
        model.learn(noteOf(START_MS + hour * HOUR_MS + other * 1_000, { count, market }));
      }
    }
    expect(model.counts.questions).toBeLessThanOrEqual(100);
    const next = { fromMs: START_MS + 59.5 * HOUR_MS, untilMs: START_MS + 60.5 * HOUR_MS };
    expect(model.predict(next).map(({ count }) => count)).toContain(60);
    const forgotten = model.changes().filter(({ data }) => data === undefined);
    expect(forgotten.length).toBeGreaterThan(300);
  });

  it('finds what is due in microseconds among 5,000 questions', () => {
    const random = new SeededRandom(4);
    const model = new UsageModel();
    for (let round = 0; round < 4; round += 1) {
      for (let index = 0; index < 5_000; index += 1) {
        const atMs = START_MS + round * HOUR_MS + index * 700;
        model.learn(noteOf(atMs, { caller: `caller-${index}` }));
      }
    }
    const startedMs = performance.now();
    let found = 0;
    for (let tick = 0; tick < 10_000; tick += 1) {
      const fromMs = START_MS + 4 * HOUR_MS + random.between(0, HOUR_MS);
      found += model.predict({ fromMs, untilMs: fromMs + 250 }).length;
    }
    const perTickUs = (performance.now() - startedMs) / 10;
    expect(found).toBeGreaterThan(2_000);
    expect(perTickUs).toBeLessThan(500);
  });

  it('finds the soonest few without the others', () => {
    const model = new UsageModel();
    for (let minute = 0; minute < 8; minute += 1) {
      for (let index = 0; index < 1_000; index += 1) {
        const atMs = START_MS + minute * 60_000 + index * 59;
        model.learn(noteOf(atMs, { caller: `caller-${index}` }));
      }
    }
    const fromMs = START_MS + 8 * 60_000;
    const hour = { fromMs, untilMs: fromMs + HOUR_MS };
    const all = model.predict(hour);
    expect(all.length).toBeGreaterThan(50_000);
    expect(model.predict({ ...hour, most: 50 })).toEqual(all.slice(0, 50));
    expect(model.predict({ ...hour, most: 1_500 })).toEqual(all.slice(0, 1_500));
    expect(model.predict({ ...hour, most: 1_000_000 })).toHaveLength(all.length);
  });
});
