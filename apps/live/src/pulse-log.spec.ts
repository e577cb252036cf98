import { LogRecorder } from '../../../test/support/log-recorder';
import { PulseLog } from './pulse-log';

describe('the log of the stream', () => {
  it('has a line when the stream is believed no more, and one when it is again, with how long that took', () => {
    const log = new LogRecorder();
    const pulse = new PulseLog({ log });
    pulse.note({ kind: 'away', lagMs: 0 }, 0);
    pulse.note({ kind: 'steady', ageMs: 0, lagMs: 5 }, 700);
    pulse.note({ kind: 'steady', ageMs: 10, lagMs: 5 }, 1_000);
    pulse.note({ kind: 'silent', ageMs: 2_001, lagMs: 5 }, 4_000);
    pulse.note({ kind: 'away', ageMs: 2_500, lagMs: 5 }, 5_000);
    pulse.note({ kind: 'steady', ageMs: 0, lagMs: 5 }, 9_000);
    expect(log.lines.map(({ level, fields }) => [level, fields])).toEqual([
      ['info', { afterMs: 700 }],
      ['warn', { ageMs: 2_001, lagMs: 5 }],
      ['info', { afterMs: 5_000 }],
    ]);
    expect(log.lines[1]?.message).toMatch(/not believed \(it tells nothing\)/);
  });

  it('has a line when the stream was never believed, and one when the reason changes', () => {
    const log = new LogRecorder();
    const pulse = new PulseLog({ log });
    pulse.note({ kind: 'away', lagMs: 0 }, 0);
    pulse.note({ kind: 'lagging', lagMs: 3_000.4 }, 1_000);
    expect(log.lines).toEqual([]);
    pulse.note({ kind: 'lagging', lagMs: 3_000.4 }, 5_000);
    pulse.note({ kind: 'lagging', lagMs: 3_000.4 }, 5_500);
    pulse.note({ kind: 'silent', ageMs: 2_100, lagMs: 3_000.4 }, 9_000);
    expect(log.lines.map(({ fields }) => fields)).toMatchObject([
      { lagMs: 3_000 },
      { ageMs: 2_100 },
    ]);
  });
});
