import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findPromtool, promtoolFiles } from './find-promtool';

describe('the checker of what Prometheus reads', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'promtool-'));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  const put = async (file: string): Promise<string> => {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, '#!/bin/sh\necho promtool, version 2.42.0\n');
    await chmod(file, 0o755);
    return file;
  };
  const find = () =>
    findPromtool({ searchPath: folder, cacheFolder: folder, say: () => undefined });

  it('is the installed one of PATH', async () => {
    const found = await put(path.join(folder, 'promtool'));
    expect(await find()).toEqual({ kind: 'found', found });
  });

  it('is looked for in PATH first, and never in a relative folder', () => {
    const files = promtoolFiles('bin:/my/bin:/usr/bin');
    expect(files.slice(0, 2)).toEqual(['/my/bin/promtool', '/usr/bin/promtool']);
    expect(files.every((file) => path.isAbsolute(file))).toBe(true);
  });
});
