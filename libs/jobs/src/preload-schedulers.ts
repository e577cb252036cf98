import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '@candlekeep/clock';
import {
  forgetPoison,
  isPoisonedReply,
  keys,
  LuaScript,
  type RedisConnection,
} from '@candlekeep/redis';
import type { Logger } from '@candlekeep/telemetry';
import { ErrorCode, getNextMillis, type JobSchedulerJson, type Queue } from 'bullmq';
import { z } from 'zod';
import { removeJob } from './broken-jobs';
import { PRELOAD_QUEUE, type PreloadJob, preloadOptions } from './preload-job';
import { checkSchedules, PATTERN_ZONE, type PreloadSchedule } from './preload-schedule';

export interface PreloadSchedulersParts {
  readonly queue: Queue<PreloadJob>;
  /** `command` connection to the queue server. */
  readonly redis: RedisConnection;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Ids of the schedulers that were made, made anew, and taken off. */
export interface Reconciled {
  readonly added: string[];
  readonly changed: string[];
  readonly removed: string[];
}

type KnownScheduler = JobSchedulerJson<PreloadJob>;

/** Clocks of processes differ by less than this, ms. */
const SKEW_MS = 60_000;

/** The job schedulers of the preload queue, as BullMQ keeps them. */
export class PreloadSchedulers {
  constructor(private readonly parts: PreloadSchedulersParts) {}

  /** All that stand in the queue, the soonest first. `nextMs` is epoch ms by the clock of the process that made the job. */
  async list(): Promise<readonly { id: string; nextMs: number }[]> {
    const known = await this.known();
    return known.map(({ key, next = 0 }) => ({ id: key, nextMs: next }));
  }

  /** Makes them exactly these; one that is right already is only looked at. */
  async reconcile(wanted: readonly PreloadSchedule[]): Promise<Reconciled> {
    const schedules = checkSchedules(wanted);
    const known = new Map((await this.known()).map((one) => [one.key, one]));
    const done: Reconciled = { added: [], changed: [], removed: [] };
    for (const schedule of schedules) {
      const flaw = await this.flawOf(schedule, known.get(schedule.id));
      if (flaw !== undefined && (await this.makeRoomAndMake(schedule)))
        done[flaw].push(schedule.id);
      known.delete(schedule.id);
    }
    for (const id of known.keys()) {
      if (await this.parts.queue.removeJobScheduler(id)) done.removed.push(id);
    }
    return done;
  }

  private async known(): Promise<KnownScheduler[]> {
    try {
      return await this.parts.queue.getJobSchedulers(0, -1, true);
    } catch (error) {
      if (!(error instanceof SyntaxError) && !isPoisonedReply(error)) throw error;
      await this.forgetAll(error);
      return [];
    }
  }

  /** One that cannot be read hides all others: all are made anew. */
  private async forgetAll(error: unknown): Promise<void> {
    const { queue, redis } = this.parts;
    const all = queue.toKey('repeat');
    const ids = await redis.zrange(all, 0, '-1').catch(() => []);
    await forgetPoison(redis, { keys: [all, ...ids.map((id) => `${all}:${id}`)], error });
  }

  private async flawOf(
    schedule: PreloadSchedule,
    known: KnownScheduler | undefined,
  ): Promise<'added' | 'changed' | undefined> {
    if (known === undefined || !(await this.hasNextJob(known))) return 'added';
    return isSame(schedule, known) && !this.isTooFar(schedule, known) ? undefined : 'changed';
  }

  private async hasNextJob({ key, next = 0 }: KnownScheduler): Promise<boolean> {
    const part = (name: string): string => `${keys.queuePrefix}:${PRELOAD_QUEUE}:${name}`;
    const jobId = `repeat:${key}:${next}`;
    const places = ['delayed', 'prioritized', 'failed', 'wait', 'active', 'paused'].map(part);
    return await nextScript.run(this.parts.redis, [part(jobId), ...places], [jobId]);
  }

  /** A worker whose clock was far ahead when it took a job has put the next one that far off. */
  private isTooFar({ pattern }: PreloadSchedule, { next = 0 }: KnownScheduler): boolean {
    const latest = getNextMillis(this.parts.clock.nowMs() + SKEW_MS, { pattern, tz: PATTERN_ZONE });
    return latest !== undefined && next > latest;
  }

  /** A job that a scheduler has left behind which was taken away stands where the new one's first job is to stand. */
  private async makeRoomAndMake(schedule: PreloadSchedule): Promise<boolean> {
    if (await this.make(schedule)) return true;
    const { redis, queue, clock, log } = this.parts;
    const { id, pattern } = schedule;
    const next = getNextMillis(clock.nowMs(), { pattern, tz: PATTERN_ZONE });
    const left = `repeat:${id}:${next ?? 0}`;
    if ((await redis.lpos(queue.toKey('active'), left)) === null) {
      await removeJob(redis, PRELOAD_QUEUE, left);
      if (await this.make(schedule)) return true;
    }
    log.info(
      `schedule "${id}" is left as it is until the next look: a worker runs a job of the same instant`,
    );
    return false;
  }

  /** False where a job of the same instant is in the way. */
  private async make({ id, pattern, job }: PreloadSchedule): Promise<boolean> {
    const template = { name: job.kind, data: job, opts: preloadOptions(job.kind) };
    try {
      await this.parts.queue.upsertJobScheduler(id, { pattern, tz: PATTERN_ZONE }, template);
      return true;
    } catch (error) {
      if (isCollision(error)) return false;
      throw error;
    }
  }
}

function isSame({ pattern, job }: PreloadSchedule, known: KnownScheduler): boolean {
  const is = [known.pattern, known.tz, known.name, known.template?.data, known.template?.opts];
  return isDeepStrictEqual(is, [pattern, PATTERN_ZONE, job.kind, job, preloadOptions(job.kind)]);
}

function isCollision(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false;
  return error.code === ErrorCode.SchedulerJobIdCollision;
}

/** The job; the others are the queue's. */
const OWN_KEYS = 1;

const nextScript = new LuaScript(
  path.join(__dirname, 'preload-next.lua'),
  (reply) => z.int().parse(reply) === 1,
  OWN_KEYS,
);
