import { mkdir, mkdtemp, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { makeLibraryLinks, planLibraryLinks } from './library-links';

const manifest = [
  { source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so.5' },
  { source: 'native/lib/libpq.so.5.18', target: 'native/lib/postgresql/libpq.so' },
];

describe('the library links', () => {
  it('are relative, so that a copy of the folder works too', () => {
    expect(planLibraryLinks(manifest)).toEqual([
      { link: 'native/lib/libpq.so.5', to: 'libpq.so.5.18' },
      { link: 'native/lib/postgresql/libpq.so', to: '../libpq.so.5.18' },
    ]);
  });

  it.each([
    { source: 'native/lib/a', target: '../../etc/cron.d/a' },
    { source: 'native/../../../etc/passwd', target: 'native/lib/a' },
  ])('never leave the package: $source, $target', (entry) => {
    expect(() => planLibraryLinks([entry])).toThrow('outside "native"');
  });

  it('are made once, and a second time changes nothing', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'candlekeep-links-'));
    await mkdir(path.join(folder, 'native/lib/postgresql'), { recursive: true });
    await writeFile(path.join(folder, 'native/pg-symlinks.json'), JSON.stringify(manifest));

    await makeLibraryLinks(folder);
    await makeLibraryLinks(folder);

    expect(await readlink(path.join(folder, 'native/lib/libpq.so.5'))).toBe('libpq.so.5.18');
    await rm(folder, { recursive: true });
  });

  it('are not asked for by a package without a list', async () => {
    await expect(makeLibraryLinks(tmpdir())).resolves.toBeUndefined();
  });
});
