import { setMaxListeners } from 'node:events';
import { ManualClock } from '@candlekeep/clock';
import { NotedTerminal } from '../testing/noted-terminal';
import { taskOf } from '../testing/tasks';
import { follow } from './follow';
import type { Task } from './gateway-api';
import { GatewayRefused } from './gateway-refused';

describe('a task that is followed', () => {
  const clock = () => new ManualClock();
  const away = () => Promise.reject(new GatewayRefused('nobody is there'));

  const following = (look: () => Promise<Task>) => {
    const parts = { clock: clock(), terminal: new NotedTerminal(), left: new AbortController() };
    const { left, ...rest } = parts;
    // A manual clock keeps its ear on every sleep that is over.
    setMaxListeners(0, left.signal);
    const watching = follow(taskOf(), { ...rest, url: 'URL', interrupted: left.signal, look });
    const outcome = watching.then(
      ({ latest }) => latest.task.state,
      (error: unknown) => error,
    );
    return { ...parts, outcome };
  };

  it('is shown until it has ended', async () => {
    const states = ['running', 'done'] as const;
    let looks = 0;
    const { outcome, clock, terminal } = following(() =>
      Promise.resolve(taskOf({ state: states[looks++]! })),
    );
    await clock.advance(1_000);
    expect(await outcome).toBe('done');
    expect(terminal.shown).toHaveLength(3);
  });

  it('goes on when the person leaves', async () => {
    const { outcome, clock, left } = following(() => Promise.resolve(taskOf()));
    await clock.advance(1_000);
    left.abort();
    expect(await outcome).toBe('running');
  });

  it('survives a gateway that is away for less than half a minute, and says so meanwhile', async () => {
    let looks = 0;
    const { outcome, clock, terminal } = following(() =>
      (looks += 1) < 40 ? away() : Promise.resolve(taskOf({ state: 'done' })),
    );
    await clock.advance(25_000);
    expect(await outcome).toBe('done');
    expect(terminal.shown).toContainEqual('  0%  no answer from URL for 12 s  0 pages  0 rows');
    expect(terminal.shown.at(-1)).not.toContain('no answer');
  });

  it('is given up with a gateway that stays away', async () => {
    const { outcome, clock } = following(away);
    await clock.advance(31_000);
    expect(await outcome).toMatchObject({ message: 'nobody is there' });
  });

  it('is given up at once when the gateway does not know it', async () => {
    const { outcome, clock, terminal } = following(() =>
      Promise.reject(new GatewayRefused('There is no backfill.', { status: 404 })),
    );
    await clock.advance(500);
    expect(await outcome).toMatchObject({ message: 'There is no backfill.' });
    expect(terminal.shown).toHaveLength(1);
  });

  it('that nobody works on is shown so', async () => {
    const { outcome, clock, terminal, left } = following(() => Promise.resolve(taskOf()));
    await clock.advance(31_000);
    left.abort();
    expect(await outcome).toBe('running');
    expect(terminal.shown.at(-1)).toContain('no worker has touched it since 2026-02-01');
  });
});
