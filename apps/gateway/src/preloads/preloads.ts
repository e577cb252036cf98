import { type PreloadPlan, type PreloadRun, readPlan, type RunBook } from '@candlekeep/preloader';
import type { RedisConnection } from '@candlekeep/redis';
import type { UsageRecorder } from '@candlekeep/usage';
import { ApiRefusal } from '../api/api-refusal';

export interface PreloadsReading {
  /** Undefined while no worker preloads. */
  readonly plan: PreloadPlan | undefined;
  readonly runs: readonly PreloadRun[];
  /** Questions that this gateway could not note since it began. */
  readonly droppedCount: number;
}

/** What is preloaded, as gateways see it. */
export class Preloads {
  constructor(
    private readonly parts: {
      readonly redis: RedisConnection;
      readonly runs: Pick<RunBook, 'list' | 'find'>;
      /** Of this gateway. */
      readonly recorder: Pick<UsageRecorder, 'droppedCount'>;
    },
  ) {}

  /** What is kept warm now and why, and the newest runs. */
  async read(): Promise<PreloadsReading> {
    const { redis, runs, recorder } = this.parts;
    const [plan, newest] = await Promise.all([readPlan(redis), runs.list()]);
    return { plan, runs: newest, droppedCount: recorder.droppedCount };
  }

  /** Throws an `ApiRefusal` when there is no such run. */
  async find(id: string): Promise<PreloadRun> {
    const run = await this.parts.runs.find(id);
    if (run === undefined)
      throw new ApiRefusal(
        404,
        `There is no preload run "${id}": GET /api/preloads lists the newest 100.`,
      );
    return run;
  }
}
