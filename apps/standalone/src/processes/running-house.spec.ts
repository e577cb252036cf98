import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { announceHouse, findHouse, withdrawHouse } from './running-house';

describe('word of a running house', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'candlekeep-house-'));
  });

  afterEach(() => rm(folder, { recursive: true }));

  it('is found while its supervisor runs, and read by its owner alone', async () => {
    await announceHouse(folder, { REDIS_URL: 'redis://:a@127.0.0.1:1' });
    expect(await findHouse(folder)).toEqual({ REDIS_URL: 'redis://:a@127.0.0.1:1' });
    expect((await stat(path.join(folder, 'house.json'))).mode & 0o777).toBe(0o600);
  });

  it('is gone when it was taken back', async () => {
    await announceHouse(folder, {});
    await withdrawHouse(folder);
    expect(await findHouse(folder)).toBeUndefined();
  });

  it.each([
    ['of a supervisor that has ended', { supervisor: { pid: process.pid, start: '0' } }],
    ['that says nothing', {}],
  ])('%s is no word', async (_, record) => {
    await writeFile(
      path.join(folder, 'house.json'),
      JSON.stringify({ environment: {}, ...record }),
    );
    expect(await findHouse(folder)).toBeUndefined();
  });
});
