import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { SystemClock } from '@candlekeep/clock';
import { AppProcess } from './app-process';
import { isRunning } from './process-stamp';

const never = new AbortController().signal;
const idle = 'setInterval(() => {}, 1000);';
const ready = `${idle} process.send('ready');`;

describe('an app process', () => {
  let folder: string;
  let apps: AppProcess[];

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'candlekeep-app-'));
    apps = [];
  });

  afterEach(async () => {
    for (const app of apps) await app.close();
    await rm(folder, { recursive: true });
  });

  it('is ready when it says so, and writes its words to the log file', async () => {
    const app = await appOf(`console.log('hello'); ${ready}`);
    await app.spawn();

    await app.ready(never);

    expect(await readFile(path.join(folder, 'app.log'), 'utf8')).toBe('hello\n');
  });

  it('that dies while it starts is named with its exit code, log file and last words', async () => {
    const app = await appOf(`console.error('no such table'); process.exit(7);`);
    await app.spawn();

    await expect(app.ready(never)).rejects.toThrow(
      /^The test-app ended with exit code 7\. .*app\.log:\n {2}no such table$/,
    );
  });

  it('that never gets ready fails when its time is over', async () => {
    const app = await appOf(idle, { readyWithinMs: 50 });
    await app.spawn();

    await expect(app.ready(never)).rejects.toThrow('The test-app was not ready within 0.05 s');
  });

  it('is not waited for any longer when a stop is asked for', async () => {
    const app = await appOf(idle);
    await app.spawn();
    const stop = new AbortController();
    const waiting = app.ready(stop.signal);

    stop.abort(new Error('asked to stop'));

    await expect(waiting).rejects.toThrow();
  });

  it('that dies later is told, with the signal that ended it', async () => {
    const app = await appOf(`${ready} process.kill(process.pid, 'SIGKILL');`);
    await app.spawn();

    expect((await app.died()).message).toContain('The test-app was ended by SIGKILL.');
  });

  it('stops in order when it is closed', async () => {
    const app = await appOf(
      `process.on('SIGTERM', () => { console.log('in order'); process.exit(0); }); ${ready}`,
    );
    const stamp = (await app.spawn())!;
    await app.ready(never);

    await app.close();

    expect(await isRunning(stamp)).toBe(false);
    expect(await readFile(path.join(folder, 'app.log'), 'utf8')).toBe('in order\n');
  });

  it('that does not stop is killed when its time is over', async () => {
    const app = await appOf(`process.on('SIGTERM', () => {}); ${ready}`, { stopWithinMs: 50 });
    const stamp = (await app.spawn())!;
    await app.ready(never);

    await app.close();

    expect(await isRunning(stamp)).toBe(false);
  });

  async function appOf(
    source: string,
    limits: { readonly readyWithinMs?: number; readonly stopWithinMs?: number } = {},
  ): Promise<AppProcess> {
    const script = path.join(folder, 'app.js');
    await writeFile(script, source);
    const logFile = path.join(folder, 'app.log');
    const spec = { name: 'test-app', script, logFile, env: {} };
    const app = new AppProcess(
      { ...spec, readyWithinMs: 20_000, stopWithinMs: 20_000, ...limits },
      new SystemClock(),
    );
    apps.push(app);
    return app;
  }
});
