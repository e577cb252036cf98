import path from 'node:path';
import { keys, LuaScript, type RedisConnection } from '@candlekeep/redis';
import { z } from 'zod';
import { type BudgetReading, parseBudgetReading } from './budget-reading';
import { GroupList } from './group-list';
import { type CheckedPolicy, checkPolicy, type LimitPolicy } from './limit-policy';
import { milliseconds, type Outcome, parseOutcome } from './outcome';
import type { CallEnding } from './permit';

/** What a taker says of itself. */
export interface Ask {
  readonly token: string;
  readonly rank: number;
  readonly waitedMs: number;
  /** `Infinity` for without end. */
  readonly leftMs: number;
}

/** The user's caps, calls in a minute and in an hour; 0 = none. */
export interface Caps {
  readonly perMinute: number;
  readonly perHour: number;
}

/** What of a cap ranks may use, so that work nobody waits for leaves some of it to those who wait: `[first rank, share]`. */
const CAP_SHARES = [
  [6, 0.5],
  [4, 0.8],
  [0, 1],
] as const;

/** The scripts of one limit group: one round trip each. */
export class GroupScripts {
  readonly policy: CheckedPolicy;
  private readonly keys: readonly string[];
  private readonly figures: readonly number[];

  /** Throws `RangeError` for a policy that could not keep its promise. */
  constructor(
    private readonly redis: RedisConnection,
    policy: LimitPolicy,
  ) {
    this.policy = checkPolicy(policy);
    const { egressId, group, limit, windowMs, marginMs, leaseMs } = this.policy;
    this.keys = keysOf(egressId, group);
    this.figures = [limit, windowMs, marginMs, leaseMs];
  }

  async ask({ token, rank, waitedMs, leftMs }: Ask): Promise<Outcome> {
    const { perMinute, perHour } = this.policy;
    const left = Number.isFinite(leftMs) ? Math.max(0, leftMs) : -1;
    const caps = [capOf(perMinute, rank), capOf(perHour, rank)];
    return await this.run(takeScript, [token, rank, waitedMs, left, ...caps]);
  }

  /** Resolves to how long nothing is granted because of the ending, ms. `chance` in [0, 1) is for jitter. */
  async release(token: string, ending: CallEnding, chance: number): Promise<number> {
    const { lateMs } = this.policy;
    return await this.run(releaseScript, [token, ending.kind, lateMs, detailOf(ending), chance]);
  }

  /** Says that these calls are under way; not waited for, because it is repeated. */
  renew(tokens: readonly string[]): void {
    this.run(renewScript, tokens).catch(() => undefined);
  }

  /** Gives up a place in the waiting room; not waited for, because a place of somebody who does not ask is forgotten. */
  leave(token: string): void {
    this.run(leaveScript, [token]).catch(() => undefined);
  }

  /** Resolves to how long nothing is granted, ms. */
  async distrust(): Promise<number> {
    return await this.run(distrustScript, []);
  }

  /**
   * Takes the group down in the list of groups, and lets one without memory begin its rest. Resolves to the caps that another taker told
   * of last, if they are not ours.
   */
  async wake(): Promise<Caps | undefined> {
    const { egressId, group, perMinute, perHour, lateMs } = this.policy;
    const { nowMs, told } = await this.run(wakeScript, [perMinute, perHour, lateMs]);
    await new GroupList(this.redis).add({ egressId, group }, nowMs);
    const isOther = told?.perMinute !== perMinute || told.perHour !== perHour;
    return isOther ? told : undefined;
  }

  async read(): Promise<BudgetReading> {
    return await this.run(readScript, []);
  }

  private async run<Reply>(
    script: LuaScript<Reply>,
    args: readonly (string | number)[],
  ): Promise<Reply> {
    return await script.run(this.redis, this.keys, [...this.figures, ...args]);
  }
}

function keysOf(egressId: string, group: string): readonly string[] {
  const parts = ['slots', 'sent', 'waiting', 'patience', 'state'];
  return [...parts.map((part) => keys.limit(egressId, group, part)), keys.limitCircuit(egressId)];
}

function capOf(cap: number, rank: number): number {
  const share = CAP_SHARES.find(([firstRank]) => rank >= firstRank)?.[1] ?? 1;
  return cap === 0 ? 0 : Math.max(1, Math.floor(cap * share));
}

function detailOf(ending: CallEnding): number {
  if (ending.kind === 'answered') return ending.remainingInSecond ?? -1;
  return ending.kind === 'banned' ? (ending.statedMs ?? -1) : -1;
}

function scriptOf<Reply>(name: string, parseReply: (reply: unknown) => Reply): LuaScript<Reply> {
  const files = ['group.lua', name].map((file) => path.join(__dirname, file));
  return new LuaScript(files, parseReply, 'all');
}

const told = z.string().regex(/^\d*$/);
const woken = z.tuple([milliseconds, told, told]);

function parseWoken(reply: unknown): { nowMs: number; told: Caps | undefined } {
  const [nowMs, perMinute, perHour] = woken.parse(reply);
  if (perMinute === '') return { nowMs, told: undefined };
  return { nowMs, told: { perMinute: Number(perMinute), perHour: Number(perHour) } };
}

const one = (reply: unknown): number => milliseconds.parse(reply);
const ignored = (): undefined => undefined;
const takeScript = scriptOf('take.lua', parseOutcome);
const releaseScript = scriptOf('release.lua', one);
const renewScript = scriptOf('renew.lua', ignored);
const leaveScript = scriptOf('leave.lua', ignored);
const distrustScript = scriptOf('distrust.lua', one);
const wakeScript = scriptOf('wake.lua', parseWoken);
const readScript = scriptOf('read-budget.lua', parseBudgetReading);
