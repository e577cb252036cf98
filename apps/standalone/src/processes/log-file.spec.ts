import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { lastLines, logTail, rotateLog } from './log-file';

describe('a log file', () => {
  let folder: string;
  let file: string;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'candlekeep-log-'));
    file = path.join(folder, 'logs', 'worker.log');
  });

  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  it('is put aside at the next start, which makes the folder at the first one', async () => {
    await rotateLog(file);
    for (const run of ['first', 'second', 'third']) {
      await writeFile(file, run);
      await rotateLog(file);
    }

    expect(await readFile(`${file}.1`, 'utf8')).toBe('third');
    await expect(readFile(file)).rejects.toThrow('ENOENT');
  });

  it('shows its end, however long it is', async () => {
    await rotateLog(file);
    const lines = Array.from({ length: 5_000 }, (_, line) => `line ${line}`);
    await writeFile(file, `${lines.join('\n')}\n`);

    expect(await logTail(file, 2)).toBe('  line 4998\n  line 4999');
  });

  it('says so when there is nothing in it', async () => {
    expect(await logTail(file, 2)).toBe('  (the log is empty)');
  });
});

it('the last lines of a text leave blank ones out', () => {
  expect(lastLines('a\n\nb\n  \nc\n\n', 2)).toEqual(['b', 'c']);
});
