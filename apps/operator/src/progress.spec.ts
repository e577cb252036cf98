import { taskAt } from '../testing/tasks';
import { progressLine, shareDone } from './progress';
import { beginWatch, idleness, seen, unseen } from './watch';

const END = '2026-01-11T00:00:00Z';

describe('progress', () => {
  it('goes from the end of the range to its begin', () => {
    expect(shareDone(taskAt(END, 0))).toBe(0);
    expect(shareDone(taskAt('2026-01-08T12:00:00Z', 18))).toBe(0.25);
    expect(shareDone(taskAt('2026-01-01T00:00:00Z', 72))).toBe(1);
  });

  const begun = beginWatch(taskAt('2026-01-06T00:00:00Z', 36), 1_000);
  const moved = seen(begun, taskAt('2026-01-05T00:00:00Z', 43), 3_000);

  it('says how fast it goes and how long it takes, by what was seen to happen', () => {
    expect(progressLine(moved)).toBe(
      '[##################------------]  60%  43 pages  8600 rows  3.5 pages/s  8 s left',
    );
    expect(progressLine(begun)).toBe('[###############---------------]  50%  36 pages  7200 rows');
    expect(progressLine(beginWatch(taskAt(END, 1, { rows: 1 }), 0))).toContain('1 page  1 row');
  });

  it('says what a task is held up by', () => {
    const held = beginWatch(taskAt(END, 0, { reason: 'it is away' }), 0);
    expect(progressLine(held)).toBe('  0%  held up: it is away  0 pages  0 rows');
  });

  it('foretells nothing while nobody answers', () => {
    const silent = unseen(unseen(moved, 3_500), 4_000);
    expect(silent.failingSinceMs).toBe(3_500);
    expect(progressLine(silent, 'no answer from URL for 12 s')).toBe(
      ' 60%  no answer from URL for 12 s  43 pages  8600 rows',
    );
    expect(seen(silent, moved.latest.task, 5_000).failingSinceMs).toBeUndefined();
  });

  it('says so when nobody has touched a task for half a minute, and until somebody does', () => {
    const [task] = [taskAt(END, 0)];
    const still = seen(beginWatch(task, 0), task, 29_999);
    expect(idleness(still)).toBeUndefined();
    const idle = seen(still, task, 30_000);
    expect(progressLine(idle)).toContain(
      '0%  no worker has touched it since 2026-02-01T00:00:00.000Z; see whether one runs',
    );
    const touched = seen(idle, { ...task, updated: '2026-02-01T00:00:31.000Z' }, 31_000);
    expect(idleness(touched)).toBeUndefined();
    expect(idleness(seen(touched, { ...touched.latest.task, state: 'done' }, 90_000))).toBe(
      undefined,
    );
  });
});
