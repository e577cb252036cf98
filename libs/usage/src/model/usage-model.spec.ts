import { seriesName } from '@candlekeep/market';
import { SeededRandom } from '../../../../test/support/seeded-random';
import { noteOf } from '../../testing/note-of';
import type { Prediction } from './prediction';
import { UsageModel } from './usage-model';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** A Monday, 00:00 UTC. */
const MONDAY_MS = Date.UTC(2026, 2, 2);

/** The likeliest prediction whose window holds the instant. */
function expectedAt(model: UsageModel, atMs: number): Prediction | undefined {
  return model
    .predict({ fromMs: atMs - 20 * MINUTE_MS, untilMs: atMs + MINUTE_MS, atLeast: 0 })
    .filter(({ fromMs, untilMs }) => fromMs <= atMs && atMs < untilMs)
    .sort((a, b) => b.probability - a.probability)[0];
}

function probabilityAt(model: UsageModel, atMs: number): number {
  return expectedAt(model, atMs)?.probability ?? 0;
}

/** Learns one note every `everyMs` from `fromMs` to before `untilMs`, where `comes` says so. */
function come(
  model: UsageModel,
  [fromMs, untilMs, everyMs]: readonly [number, number, number],
  comes: (atMs: number) => boolean = () => true,
): void {
  for (let atMs = fromMs; atMs < untilMs; atMs += everyMs) {
    if (comes(atMs)) model.learn(noteOf(atMs));
  }
  model.heard(untilMs);
}

const isOffice = (atMs: number): boolean => {
  const hour = (atMs % DAY_MS) / HOUR_MS;
  return hour >= 9 && hour < 17;
};
const isWeekend = (atMs: number): boolean => [0, 6].includes(new Date(atMs).getUTCDay());

describe('habits', () => {
  it('expects the fourth after three regular arrivals, and says when', () => {
    const model = new UsageModel();
    const firstMs = MONDAY_MS + 2_300;
    [0, 1, 2].forEach((hour) => model.learn(noteOf(firstMs + hour * HOUR_MS + hour * 100)));
    const next = expectedAt(model, firstMs + 3 * HOUR_MS + 100);
    expect(next).toMatchObject({ caller: 'bot', count: 60, back: 0, maxAgeMs: 1_000 });
    expect(next?.reason).toEqual({ kind: 'habit', everyMs: HOUR_MS });
    expect(next?.probability).toBeGreaterThan(0.75);
    expect(next?.probability).toBeLessThan(0.95);
    expect((next?.untilMs ?? 0) - (next?.fromMs ?? 0)).toBeLessThan(2_000);
  });

  it('expects a daily question the third day, without certainty, and is surer on the fourth', () => {
    const model = new UsageModel();
    const firstMs = MONDAY_MS + 9 * HOUR_MS + 30_000;
    come(model, [firstMs, firstMs + 2 * DAY_MS, DAY_MS]);
    const third = probabilityAt(model, firstMs + 2 * DAY_MS);
    expect(third).toBeGreaterThan(0.6);
    expect(third).toBeLessThan(0.8);
    model.learn(noteOf(firstMs + 2 * DAY_MS));
    expect(probabilityAt(model, firstMs + 3 * DAY_MS)).toBeGreaterThan(0.85);
  });

  it('knows two places of one period apart', () => {
    const model = new UsageModel();
    come(model, [MONDAY_MS, MONDAY_MS + 8 * HOUR_MS, 10 * MINUTE_MS], (atMs) =>
      [0, 20 * MINUTE_MS].includes(atMs % HOUR_MS),
    );
    const hourMs = MONDAY_MS + 8 * HOUR_MS;
    expect(probabilityAt(model, hourMs)).toBeGreaterThan(0.85);
    expect(probabilityAt(model, hourMs + 20 * MINUTE_MS)).toBeGreaterThan(0.85);
    expect(probabilityAt(model, hourMs + 40 * MINUTE_MS)).toBeLessThan(0.3);
  });

  it('keeps to the hours of day, from the second day on', () => {
    const model = new UsageModel();
    come(model, [MONDAY_MS, MONDAY_MS + 2 * DAY_MS, 15 * MINUTE_MS], isOffice);
    const dayMs = MONDAY_MS + 2 * DAY_MS;
    expect(probabilityAt(model, dayMs + 9 * HOUR_MS)).toBeGreaterThan(0.8);
    expect(probabilityAt(model, dayMs + 12 * HOUR_MS)).toBeGreaterThan(0.8);
    expect(probabilityAt(model, dayMs + 3 * HOUR_MS)).toBeLessThan(0.1);
    expect(probabilityAt(model, dayMs + 17 * HOUR_MS)).toBeLessThan(0.3);
  });

  it.each([
    ['daily', DAY_MS, 9 * HOUR_MS],
    ['in office hours', 15 * MINUTE_MS, 0],
  ])('learns free weekends of a caller that comes %s within two weeks', (_, everyMs, phaseMs) => {
    const model = new UsageModel();
    const comes = (atMs: number): boolean => isOffice(atMs) && !isWeekend(atMs);
    come(model, [MONDAY_MS + phaseMs, MONDAY_MS + 19 * DAY_MS, everyMs], comes);
    const saturdayMs = MONDAY_MS + 19 * DAY_MS + 9 * HOUR_MS;
    expect(probabilityAt(model, saturdayMs)).toBeLessThan(0.5);
    come(model, [saturdayMs, saturdayMs + DAY_MS - 1, everyMs], comes);
    expect(probabilityAt(model, saturdayMs + DAY_MS)).toBeLessThan(0.5);
    come(model, [saturdayMs + DAY_MS, saturdayMs + 2 * DAY_MS - 1, everyMs], comes);
    expect(probabilityAt(model, saturdayMs + 2 * DAY_MS)).toBeGreaterThan(0.6);
  });

  it('stops after three absences of what always came, and begins again after three arrivals', () => {
    const model = new UsageModel();
    const endMs = MONDAY_MS + 4 * DAY_MS;
    come(model, [MONDAY_MS, endMs, HOUR_MS]);
    expect(probabilityAt(model, endMs)).toBeGreaterThan(0.9);
    model.heard(endMs + 2.5 * HOUR_MS);
    expect(probabilityAt(model, endMs + 3 * HOUR_MS)).toBeLessThan(0.5);
    model.heard(endMs + 5.5 * HOUR_MS);
    expect(probabilityAt(model, endMs + 6 * HOUR_MS)).toBeLessThan(0.2);
    come(model, [endMs + 6 * HOUR_MS, endMs + 9 * HOUR_MS, HOUR_MS]);
    expect(probabilityAt(model, endMs + 9 * HOUR_MS)).toBeGreaterThan(0.5);
  });

  it('does not hold against a habit what nobody heard', () => {
    const model = new UsageModel();
    come(model, [MONDAY_MS, MONDAY_MS + 30 * HOUR_MS, HOUR_MS]);
    const before = probabilityAt(model, MONDAY_MS + 30 * HOUR_MS);
    model.listening(MONDAY_MS + 53.5 * HOUR_MS);
    expect(probabilityAt(model, MONDAY_MS + 54 * HOUR_MS)).toBeGreaterThan(before - 0.02);
    model.learn(noteOf(MONDAY_MS + 54 * HOUR_MS));
    expect(probabilityAt(model, MONDAY_MS + 55 * HOUR_MS)).toBeGreaterThan(before - 0.02);
  });

  it('does not expect again what has come', () => {
    const model = new UsageModel();
    come(model, [MONDAY_MS, MONDAY_MS + 5 * HOUR_MS, HOUR_MS]);
    model.learn(noteOf(MONDAY_MS + 5 * HOUR_MS - 20));
    expect(probabilityAt(model, MONDAY_MS + 5 * HOUR_MS)).toBe(0);
    expect(probabilityAt(model, MONDAY_MS + 6 * HOUR_MS)).toBeGreaterThan(0.8);
  });

  it('sees hardly a habit in chance', () => {
    const random = new SeededRandom(5);
    const model = new UsageModel();
    let said = 0;
    let asked = 0;
    for (let atMs = MONDAY_MS; atMs < MONDAY_MS + 20 * DAY_MS; asked += 1) {
      const nextMs = atMs + Math.round(random.next() * 90 * MINUTE_MS);
      model.learn(noteOf(atMs));
      said += model.predict({ fromMs: atMs, untilMs: nextMs, atLeast: 0.8 }).length;
      atMs = nextMs;
    }
    expect(said / asked).toBeLessThan(0.05);
  });
});

describe('paces', () => {
  it('expects a caller that comes every 144 s, wherever that is in the hour', () => {
    const random = new SeededRandom(1);
    const model = new UsageModel();
    let atMs = MONDAY_MS;
    for (let count = 0; count < 12; count += 1) {
      model.learn(noteOf(atMs));
      atMs += 144_000 + random.between(-300, 300);
    }
    expect(expectedAt(model, atMs)?.reason.kind).toBe('pace');
    expect(probabilityAt(model, atMs)).toBeGreaterThan(0.85);
  });

  it('keeps its place through an arrival by chance and one absence', () => {
    const model = new UsageModel();
    come(
      model,
      [MONDAY_MS, MONDAY_MS + 20 * 144_000, 144_000],
      (atMs) => atMs !== MONDAY_MS + 15 * 144_000,
    );
    model.learn(noteOf(MONDAY_MS + 19 * 144_000 + 50_000));
    expect(probabilityAt(model, MONDAY_MS + 20 * 144_000)).toBeGreaterThan(0.8);
  });

  it('says nothing after two absences', () => {
    const model = new UsageModel();
    come(model, [MONDAY_MS, MONDAY_MS + 20 * 144_000, 144_000]);
    model.heard(MONDAY_MS + 23 * 144_000);
    expect(probabilityAt(model, MONDAY_MS + 23 * 144_000)).toBeLessThan(0.3);
  });
});

describe('sequences', () => {
  const follow = (model: UsageModel, atMs: number): readonly Prediction[] => {
    const said = model.learn(noteOf(atMs));
    model.learn(noteOf(atMs + 2_000, { market: 'KRW-ETH' }));
    model.learn(noteOf(atMs + 10_000, { market: 'KRW-SOL' }));
    model.learn(noteOf(atMs + 5_000, { market: 'KRW-XRP', caller: 'another' }));
    return said;
  };

  it('says what the same caller asked within a minute before, and when', () => {
    const model = new UsageModel();
    const random = new SeededRandom(2);
    let said: readonly Prediction[] = [];
    for (let time = 0; time < 6; time += 1) {
      said = follow(model, MONDAY_MS + time * 3 * HOUR_MS + random.between(0, HOUR_MS));
    }
    expect(said.map(({ series }) => seriesName(series)).sort()).toEqual([
      'KRW-ETH:15m',
      'KRW-SOL:15m',
    ]);
    const [first] = said;
    expect(first?.probability).toBeGreaterThan(0.75);
    expect(first?.reason).toEqual({ kind: 'sequence', after: 'KRW-BTC:15m' });
  });

  it('forgets what does not follow any more within four times', () => {
    const model = new UsageModel();
    for (let time = 0; time < 20; time += 1) follow(model, MONDAY_MS + time * HOUR_MS);
    const said = [20, 21, 22, 23, 24].map((time) =>
      model.learn(noteOf(MONDAY_MS + time * HOUR_MS)),
    );
    expect(said[0]?.[0]?.probability).toBeGreaterThan(0.9);
    expect(said[4]?.[0]?.probability ?? 0).toBeLessThan(0.4);
  });
});
