import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { PRELOAD_QUEUE } from '@candlekeep/jobs';
import { keys } from '@candlekeep/redis';
import type { PreloadRig } from './preload-rig';

/** Processes that take preload jobs, each by a clock of its own. */
export class SkewedTakers {
  private readonly takenKey: string;

  constructor(private readonly rig: PreloadRig) {
    this.takenKey = rig.part('taken');
  }

  /** Begins to take, by a clock that is off by so much. Resolves to the way to stop it; it is stopped with the test anyway. */
  async open(offMs: number): Promise<() => Promise<void>> {
    const taker = fork(path.join(__dirname, 'skewed-taker.mjs'), {
      env: {
        ...{ REDIS_URL: this.rig.url, TAKEN_KEY: this.takenKey },
        ...{ QUEUE: PRELOAD_QUEUE, PREFIX: keys.queuePrefix, CLOCK_OFFSET_MS: `${offMs}` },
      },
    });
    const stop = (): Promise<void> => stopOf(taker);
    this.rig.cleanUp.add(stop);
    await once(taker, 'message');
    return stop;
  }

  /** The instants whose jobs were taken, in that order, epoch ms. */
  async taken(): Promise<number[]> {
    const ids = await this.rig.redis.lrange(this.takenKey, 0, -1);
    return ids.map((id) => Number(id.split(':').at(-1)));
  }
}

async function stopOf(taker: ChildProcess): Promise<void> {
  if (taker.exitCode !== null) return;
  const ended = once(taker, 'exit');
  if (taker.connected) taker.disconnect();
  await ended;
}
