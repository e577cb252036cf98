import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const modulePath = path.join(__dirname, 'folder-lock.mjs');

describe('the lock between processes', () => {
  let folder: string;
  let lock: string;

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'candlekeep-lock-'));
    lock = path.join(folder, 'running');
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('is taken by exactly one of several processes, and the others learn by whom', async () => {
    const outcomes = await contend(4);

    expect(outcomes.filter((line) => line === 'taken')).toHaveLength(1);
    expect(outcomes.filter((line) => line.startsWith('busy'))).toHaveLength(3);
  });

  it('of a dead process is taken over, by exactly one', async () => {
    mkdirSync(lock);
    // No process that lives now started at this moment.
    writeFileSync(path.join(lock, 'owner.json'), JSON.stringify({ pid: process.pid, start: '1' }));

    expect((await contend(4)).filter((line) => line === 'taken')).toHaveLength(1);
  });

  it('is free again after a release', async () => {
    const release = `lock.release(); console.log(new FolderLock(folder).tryTake().kind)`;

    expect(await script(`lock.tryTake(); ${release}`)).toBe('taken');
  });

  it('that was handed on belongs to the other process', async () => {
    const handOn = `lock.tryTake(); lock.handTo(process.ppid);`;

    expect(await script(`${handOn} console.log(lock.tryTake().pid)`)).toBe(String(process.pid));
    expect(await script(`console.log(lock.tryTake().pid)`)).toBe(String(process.pid));
  });

  // Each holds what it has taken until all have tried: a file per process, and a wait until all the files are there.
  function contend(processes: number): Promise<readonly string[]> {
    const barrier = `
      const { kind } = lock.tryTake();
      console.log(kind);
      writeFileSync(path.join(folder, '..', 'tried-' + process.pid), '');
      const tried = () => readdirSync(path.join(folder, '..')).filter((name) => name.startsWith('tried-'));
      while (tried().length < ${processes}) await sleep(20);
    `;
    return Promise.all(Array.from({ length: processes }, () => script(barrier)));
  }

  async function script(body: string): Promise<string> {
    const source = `
      import { readdirSync, writeFileSync } from 'node:fs';
      import path from 'node:path';
      import { setTimeout as sleep } from 'node:timers/promises';
      import { FolderLock } from ${JSON.stringify(modulePath)};
      const folder = ${JSON.stringify(lock)};
      const lock = new FolderLock(folder);
      ${body}
    `;
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', source]);
    return stdout.trim();
  }
});
