import { type PreloadPlan, type PreloadRun, readPlan, type RunBook } from '@candlekeep/preloader';
import type { RedisConnection } from '@candlekeep/redis';
import { ApiRefusal } from '../history/api-refusal';

/** What is preloaded, as gateways see it. */
export class Preloads {
  constructor(
    private readonly parts: {
      readonly redis: RedisConnection;
      readonly runs: Pick<RunBook, 'list' | 'find'>;
    },
  ) {}

  /** What is kept warm now and why, and the newest runs. The plan is undefined while no worker preloads. */
  async read(): Promise<{ plan: PreloadPlan | undefined; runs: readonly PreloadRun[] }> {
    const { redis, runs } = this.parts;
    const [plan, newest] = await Promise.all([readPlan(redis), runs.list()]);
    return { plan, runs: newest };
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
