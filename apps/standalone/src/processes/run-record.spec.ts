import { ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { SystemClock } from '@candlekeep/clock';
import { findStamp, isRunning } from './process-stamp';
import { RunRecord } from './run-record';

describe('the record of a run', () => {
  const clock = new SystemClock();
  let folder: string;
  let file: string;
  let child: ChildProcess;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'candlekeep-run-'));
    file = path.join(folder, 'run.json');
    child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  });

  afterEach(async () => {
    child.kill('SIGKILL');
    await rm(folder, { recursive: true });
  });

  it('lets the next run wait for a survivor until it is gone', async () => {
    const stamp = (await findStamp(child.pid!))!;
    await new RunRecord(file, clock).add('gateway', stamp);

    const waitedFor: string[] = [];
    await new RunRecord(file, clock).endSurvivors((name) => {
      waitedFor.push(name);
      child.kill('SIGTERM');
    });

    expect(waitedFor).toEqual(['gateway']);
    expect(await isRunning(stamp)).toBe(false);
    expect(await readdir(folder)).toEqual([]);
  });

  it('leaves a process alone that only has the id of an earlier one', async () => {
    const stamp = (await findStamp(child.pid!))!;
    await new RunRecord(file, clock).add('gateway', { ...stamp, start: 'long ago' });

    await new RunRecord(file, clock).endSurvivors(() => {
      throw new Error('There is nobody to wait for.');
    });

    expect(await isRunning(stamp)).toBe(true);
  });

  it('that was cut short by a crash says nothing', async () => {
    await writeFile(file, '[{"name":"gate');

    await expect(new RunRecord(file, clock).endSurvivors(() => undefined)).resolves.toBeUndefined();
  });
});
