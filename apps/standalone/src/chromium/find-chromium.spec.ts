import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromiumFiles, findInstalled } from './find-chromium';

describe('the browser for tests of pages', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'chromium-'));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  const put = async (name: string, text: string): Promise<string> => {
    const file = path.join(folder, name);
    await writeFile(file, `#!/bin/sh\n${text}\n`);
    await chmod(file, 0o755);
    return file;
  };
  it('is the installed one of PATH', async () => {
    const file = await put('chromium', 'echo Chromium 150.0.1.2');
    expect(await findInstalled(folder)).toBe(file);
  });

  it('is not a script that only points to a store', async () => {
    const stub = await put('chromium', 'echo Install it by another way; exit 1');
    expect(await findInstalled(folder)).not.toBe(stub);
  });

  it('is looked for in PATH first, and never in a relative folder', () => {
    const files = chromiumFiles('bin:/my/bin:/usr/bin');
    expect(files[0]).toBe('/my/bin/chromium');
    expect(files.every((file) => path.isAbsolute(file))).toBe(true);
  });
});
