import { ManualClock } from '@candlekeep/clock';
import { parseMarketCode, Timeframe } from '@candlekeep/market';
import { ServerClock } from '@candlekeep/redis';
import { type ModelRow, UsageModel, type UsageNote } from '@candlekeep/usage';
import { Learner } from './learner';

const SAVED_MS = Date.UTC(2026, 0, 14, 9);
const HOUR_MS = 3_600_000;
const QUARTER_MS = HOUR_MS / 4;
const series = { market: parseMarketCode('KRW-BTC'), timeframe: Timeframe.parse('15m') };

function noteAt(atMs: number): UsageNote {
  return { caller: 'desk', series, count: 60, back: 0, maxAgeMs: 1_000, times: 1, atMs };
}

/** A day of somebody who asks each quarter of an hour, until it was saved. */
function savedRows(): readonly ModelRow[] {
  const model = new UsageModel();
  for (let atMs = SAVED_MS - 24 * HOUR_MS; atMs <= SAVED_MS; atMs += QUARTER_MS)
    model.learn(noteAt(atMs + 4_000));
  model.heard(SAVED_MS + 5_000);
  return model.changes();
}

/** What a learner expects next of the caller, when it begins so long after that and finds these notes. */
async function expectedAfter(offMs: number, ...notes: readonly UsageNote[]): Promise<number> {
  const clock = new ManualClock(SAVED_MS + offMs);
  const reading = { notes, lastId: '2-1', lost: 0, unreadable: 1 };
  const parts = {
    reader: { read: () => Promise.resolve(reading) },
    usage: {
      load: () => Promise.resolve({ rows: savedRows(), lastId: '1-1', untilMs: SAVED_MS + 4_000 }),
      save: () => Promise.resolve(true),
    },
    queueClock: new ServerClock(() => Promise.resolve(clock.nowMs()), clock),
    clock,
  };
  const learner = await Learner.begin(parts, 1);
  await learner.listen((note) => learner.model.learn(note));
  expect(learner.counts).toEqual({ notes: notes.length, lost: 0, unreadable: 1 });
  const nowMs = clock.nowMs();
  const next = learner.model.predict({ fromMs: nowMs, untilMs: nowMs + HOUR_MS, atLeast: 0.1 });
  return next.find(({ caller }) => caller === 'desk')?.probability ?? 0;
}

describe('a learner', () => {
  it('holds the time in which all workers were off against nobody', async () => {
    expect(await expectedAfter(6 * HOUR_MS)).toBeGreaterThan(0.8);
  });

  it('learns from what was noted meanwhile: a caller who went on asking is expected as before', async () => {
    const asked = Array.from({ length: 24 }, (_, at) =>
      noteAt(SAVED_MS + (at + 1) * QUARTER_MS + 4_000),
    );
    expect(await expectedAfter(6 * HOUR_MS + 60_000, ...asked)).toBeGreaterThan(0.9);
  });

  it('hears from the notes meanwhile who did not go on asking', async () => {
    const others = Array.from({ length: 6 * 60 }, (_, minute) => ({
      ...noteAt(SAVED_MS + (minute + 1) * 60_000),
      caller: 'somebody else',
    }));
    expect(await expectedAfter(6 * HOUR_MS + 61_000, ...others)).toBeLessThan(0.5);
  });
});
