import path from 'node:path';
import { type Lane, laneRank, LANES } from '@candlekeep/market';
import { keys, LuaScript, type RedisConnection } from '@candlekeep/redis';
import { z } from 'zod';
import { LONGEST_WAIT_MS } from './fetch-demand';
import { fetchId, type FetchJob, queueOf } from './fetch-job';
import { QueueFull } from './fetch-refusals';

/** How long and how urgently a fetch is wanted by all who want it. */
export interface Want {
  readonly lane: Lane;
  /** Epoch ms of the queue server. */
  readonly untilMs: number;
}

export interface RaisedWant extends Want {
  /** From now, ms. */
  readonly leftMs: number;
}

/** Jobs that may wait in a queue when a new one is let in: of lanes that nobody waits in, and of those of callers. */
const ROOM = { background: 1_000, callers: 10_000 };
const FIRST_BACKGROUND_RANK = laneRank('refresh');

/** The records of who wants a fetch. Every deadline is by the clock of the queue server, the one that all processes share. */
export class FetchWants {
  constructor(private readonly redis: RedisConnection) {}

  /** Adds one who wants the fetch for `waitMs`, whole ms. Rejects with {@link QueueFull} when it is a new one and too many wait in its queue. */
  async raise(job: FetchJob, lane: Lane, waitMs: number): Promise<RaisedWant> {
    const rank = laneRank(lane);
    const room = rank < FIRST_BACKGROUND_RANK ? ROOM.callers : ROOM.background;
    const args = [waitMs, rank, room, LONGEST_WAIT_MS];
    const reply = await raiseScript.run(this.redis, keysOf(job), args);
    if (reply.isFull) throw new QueueFull(fetchId(job), room);
    const { untilMs, leftMs } = reply;
    return { lane: laneOf(reply.rank), untilMs, leftMs };
  }

  /** Who wants the fetch by its record, if there is one, and the server's time, epoch ms. */
  async read(id: string): Promise<{ readonly nowMs: number; readonly want?: Want }> {
    const { nowMs, untilMs, rank } = await readScript.run(this.redis, [keys.fetchWant(id)], []);
    return rank < 0 ? { nowMs } : { nowMs, want: { lane: laneOf(rank), untilMs } };
  }

  /** The fetch has ended: who wants it from now on begins anew. */
  async forget(id: string): Promise<void> {
    await this.redis.del(keys.fetchWant(id));
  }
}

function keysOf(job: FetchJob): string[] {
  const [id, queue] = [fetchId(job), `${keys.queuePrefix}:${queueOf(job.kind)}`];
  return [keys.fetchWant(id), `${queue}:de:${id}`, `${queue}:wait`, `${queue}:prioritized`];
}

/** The record; the others are the queue's. */
const OWN_KEYS = 1;

function knownRank(rank: number): number {
  laneOf(rank);
  return rank;
}

function laneOf(rank: number): Lane {
  const lane = LANES[rank];
  if (lane === undefined) throw new TypeError(`no lane has the rank ${rank}`);
  return lane;
}

const whole = z.int();
const raiseReply = z.tuple([whole, whole, whole, whole]);
const readReply = z.tuple([whole, whole, whole]);

const raiseScript = new LuaScript(
  path.join(__dirname, 'want.lua'),
  (reply) => {
    const [isFull, untilMs, leftMs, rank] = raiseReply.parse(reply);
    return { isFull: isFull === 1, untilMs, leftMs, rank: knownRank(rank) };
  },
  OWN_KEYS,
);

const readScript = new LuaScript(
  path.join(__dirname, 'read-want.lua'),
  (reply) => {
    const [nowMs, untilMs, rank] = readReply.parse(reply);
    return { nowMs, untilMs, rank: rank < 0 ? rank : knownRank(rank) };
  },
  OWN_KEYS,
);
