import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { SystemClock } from '@candlekeep/clock';
import { waitFor } from '../support/app-process';
import { HistoryDoor } from '../support/history-door';
import { House } from '../support/house';
import { redisDatabases } from '../support/redis-databases';

const clock = new SystemClock();
const DAY = 86_400_000;
/** So many days ago, at its midnight. */
const midnightMs = (daysAgo: number): number => (Math.floor(clock.nowMs() / DAY) - daysAgo) * DAY;
const iso = (epochMs: number): string => new Date(epochMs).toISOString();
/** An hour of minutes, all of them traded. */
const HOUR = ['--from', iso(midnightMs(9)), '--to', iso(midnightMs(9) + 3_600_000)];
/** More than is brought in while a test runs. */
const LONG = ['--from', iso(midnightMs(60))];

describe("the operator's commands", () => {
  let house: House;
  let door: HistoryDoor;

  beforeAll(async () => {
    house = await House.start({ redisDatabase: redisDatabases.historyCommands });
    door = new HistoryDoor(() => house.gateways[0]!.url());
  });
  afterAll(async () => {
    await house.close();
  });

  it('say that nothing was compared where nothing was stored, and what is stored now', async () => {
    const args = ['verify', '--market', 'KRW-ETH', ...HOUR];
    const { code, output } = await door.command(...args);
    expect(output).toContain(
      'verdict: nothing was stored there, so nothing was compared (60 rows are stored now)',
    );
    expect(code).toBe(3);
    const again = await door.command(...args);
    expect(again.output).toContain('60 rows compared, 0 differences');
    expect(again.output).toContain("verdict: every stored candle is the exchange's own");
    expect(again.code).toBe(0);
  });

  it('say that a range was known already, and that its task has ended', async () => {
    const args = ['backfill', '--market', 'KRW-DOGE', ...HOUR];
    const first = await door.command(...args);
    expect(first).toMatchObject({ code: 0 });
    expect(first.output).toContain('done: 60 rows in 1 page, 1 call');
    const known = await door.command(...args);
    expect(known).toMatchObject({ code: 0 });
    expect(known.output).toContain('done: all of it was known already');
    const [, id = ''] = /opened as (\S+)/.exec(known.output) ?? [];
    const late = await door.command('backfill', '--cancel', id);
    expect(late).toMatchObject({ code: 0 });
    expect(late.output).toContain(`${id} had ended already (done)`);
  });

  it('do not call it a success that nothing could be removed', async () => {
    const { code, output } = await door.command('purge', '--market', 'KRW-NOPE', '--yes');
    expect({ code, output }).toEqual({ code: 1, output: 'nothing of KRW-NOPE is stored\n' });
  });

  it('leave their task once, however often Ctrl-C comes', async () => {
    const child = start('backfill', '--market', 'KRW-SOL', ...LONG);
    const ended = once(child, 'exit');
    const said = Promise.all([text(child.stdout), text(child.stderr)]);
    await once(child.stdout, 'readable');
    // The terminal's own, what npm passes on, an impatient person's: until it has ended, for two at once count as one.
    const stop = clock.every(1, () => child.kill('SIGINT'));
    await ended;
    stop();
    const output = (await said).join('');
    expect({ code: child.exitCode, signal: child.signalCode }).toEqual({ code: 130, signal: null });
    expect(output.match(/left running/g)).toHaveLength(1);
    const [, id = ''] = /--cancel (\S+) ends it/.exec(output) ?? [];
    expect((await door.look('backfills', id)).state).toBe('running');
    await door.command('backfill', '--cancel', id);
  });

  it('wait for a gateway that restarts, and name the task when it does not come back', async () => {
    const child = start('backfill', '--market', 'KRW-ADA', ...LONG);
    const said = Promise.all([text(child.stdout), text(child.stderr)]);
    await once(child.stdout, 'readable');
    await Promise.all(house.gateways.splice(0).map((gateway) => gateway.stop()));
    const output = (await said).join('');
    await waitFor(() => {
      expect(child.exitCode).toBe(1);
    });
    const [, id = ''] = /opened as (\S+)/.exec(output) ?? [];
    expect(output).toMatch(/no answer from http:\/\/\S+ for \d+ s/);
    expect(output).toContain(`the backfill goes on without it as ${id}`);
    expect(output).not.toContain('    at ');
  });

  const start = (...args: readonly string[]): ChildProcessByStdio<null, Readable, Readable> => {
    const main = path.resolve('dist', 'apps', 'operator', 'src', 'main.js');
    const url = house.gateways[0]!.url();
    return spawn(process.execPath, [main, ...args, '--gateway', url], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  };
});
