import { ManualClock } from '@candlekeep/clock';
import { ProcessPhase } from './process-phase';
import { startDeadline } from './start-deadline';

const LIMITS = { startWithinMs: 60_000, migrateWithinMs: 3_600_000 };

function openRig() {
  const clock = new ManualClock();
  const phase = new ProcessPhase();
  const started = new AbortController();
  const outcome: { reason?: string } = {};
  startDeadline(LIMITS, phase, clock, started.signal).catch((error: unknown) => {
    outcome.reason = String(error);
  });
  return { clock, phase, started, outcome };
}

describe('the deadline of a start', () => {
  it('is a minute', async () => {
    const { clock, outcome } = openRig();
    await clock.advance(59_999);
    expect(outcome.reason).toBeUndefined();
    await clock.advance(1);
    expect(outcome.reason).toMatch(/not ready within 60000 ms/);
  });

  it('does not count what migrating takes', async () => {
    const { clock, phase, outcome } = openRig();
    await clock.advance(30_000);
    phase.enter('migrating');
    await clock.advance(3_000_000);
    phase.enter('warming');
    await clock.advance(28_000);
    expect(outcome.reason).toBeUndefined();
    await clock.advance(3_000);
    expect(outcome.reason).toMatch(/not ready within 60000 ms/);
  });

  it('is an hour for migrating', async () => {
    const { clock, phase, outcome } = openRig();
    phase.enter('migrating');
    await clock.advance(3_600_000);
    expect(outcome.reason).toBeUndefined();
    await clock.advance(1_000);
    expect(outcome.reason).toMatch(/not migrated within 3600000 ms.*pg_stat_activity/);
  });

  it('is none once the process serves', async () => {
    const { clock, started, outcome } = openRig();
    started.abort(new Error('it serves'));
    await clock.advance(4_000_000);
    expect(outcome.reason).toBe('Error: it serves');
  });
});
