import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { findStamp, isRunning, startInStatLine } from './process-stamp';

describe('a process stamp', () => {
  it('knows a living process, and knows when it is gone', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    const stamp = (await findStamp(child.pid!))!;

    expect(await isRunning(stamp)).toBe(true);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await isRunning(stamp)).toBe(false);
  });

  it('is not fooled by another process that got the same id', async () => {
    const stamp = (await findStamp(process.pid))!;

    expect(await isRunning({ ...stamp, start: 'another moment' })).toBe(false);
  });
});

describe('a line of /proc/<pid>/stat', () => {
  const after = (state: string): string =>
    `${state} 1 4242 4242 0 -1 4194560 100 0 0 0 5 3 0 0 20 0 11 0 987654 1000000 2000`;

  it('gives the start also when the name of the program holds brackets and spaces', () => {
    expect(startInStatLine(`4242 (my (odd) name) ${after('S')}`)).toBe('987654');
  });

  it('gives nothing for a zombie, which has ended though its id is still there', () => {
    expect(startInStatLine(`4242 (postgres) ${after('Z')}`)).toBeUndefined();
  });
});
