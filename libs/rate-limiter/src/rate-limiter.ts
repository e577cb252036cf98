import type { Clock } from '@candlekeep/clock';
import type { RedisConnection } from '@candlekeep/redis';
import { type Logger, silentLogger } from '@candlekeep/telemetry';
import type { Demand } from './demand';
import { GateLog } from './gate-log';
import { type Ask, GroupScripts } from './group-scripts';
import { HeldPermits } from './held-permits';
import { type LimitPolicy } from './limit-policy';
import type { Outcome } from './outcome';
import { type CallEnding, type DenialReason, NoPermit, type Permit } from './permit';
import { RoomWait } from './room-wait';
import { ServerClockWatch } from './server-clock-watch';
import { sleepUntil } from './sleep-until';

/** A server that has lost everything lists the group again after at most this long, ms. */
const LIST_EVERY_MS = 60_000;
/** … and one that is known to have, after this. */
const LIST_AGAIN_MS = 1_000;
/** Who waits for the taker hears of it before its own patience ends. */
const TELL_EARLY_MS = 100;

/** From this rank on nobody waits for the answer: what a cap stops is given up, so that it holds no place that somebody else could use. */
const UNATTENDED_RANK = 4;
/** A permit that was not used by then is given back: what stops the calls may have come in between. */
const USE_WITHIN_MS = 500;

interface Taker {
  readonly token: string;
  readonly demand: Demand;
  /** When it began to wait, by the monotonic clock, ms. */
  readonly startMs: number;
}

/**
 * At most `limit` calls of one group in any window as the exchange receives them, for any number of processes that
 * share the Redis server and the `egressId`; the most urgent first. The argument stands in `take.lua`. Every method rejects with
 * ioredis' error when Redis does not answer: without it nothing may be sent.
 */
export class RateLimiter {
  private readonly group: GroupScripts;
  private readonly held: HeldPermits;
  private readonly gates: GateLog;
  private readonly watch = new ServerClockWatch();
  private listedMs = -Infinity;
  /** Replies to asks of before are not to be trusted: the server's clock has jumped. */
  private trustedSinceMs = -Infinity;
  private distrusting: Promise<number> | undefined;

  /** Throws `RangeError` for a policy that could not keep its promise. What stops the calls is told in the log. */
  constructor(
    redis: RedisConnection,
    policy: LimitPolicy,
    private readonly clock: Clock,
    private readonly log: Logger = silentLogger,
  ) {
    this.group = new GroupScripts(redis, policy);
    this.held = new HeldPermits(this.group, clock);
    this.gates = new GateLog(log, `egress "${policy.egressId}", group ${policy.group}`);
  }

  /**
   * Waits for a permit and resolves when its call may be sent. Rejects with the signal's reason when it aborts first, and with
   * {@link NoPermit} as soon as it is certain that nothing is granted in the demand's time.
   */
  async take(signal: AbortSignal, demand: Demand): Promise<Permit> {
    const taker = { token: this.clock.token(), demand, startMs: this.clock.monotonicMs() };
    this.listNowAndThen(taker.startMs);
    const wait = new RoomWait(demand, this.clock, signal);
    try {
      for (;;) {
        wait.begin();
        const askedMs = this.clock.monotonicMs();
        const outcome = await this.ask(taker, askedMs);
        const repliedMs = this.clock.monotonicMs();
        if (outcome.kind === 'granted') {
          const permit = this.permitOf(taker.token, askedMs + outcome.ms);
          await this.sendTime(permit, repliedMs + outcome.ms, signal);
          return permit;
        }
        if (wait.isOutdated) continue;
        await this.waitInRoom(taker, outcome, wait);
      }
    } catch (error) {
      this.group.leave(taker.token);
      throw error;
    } finally {
      wait.end();
    }
  }

  /**
   * Says how the call of a permit has ended. Resolves to how long nothing is granted because of that, ms; 0 mostly. A call whose caller left
   * may still be under way: it keeps its slot until the lease ends.
   */
  async release(permit: Permit, ending: CallEnding): Promise<number> {
    this.held.drop(permit);
    const ms = await this.group.release(permit.token, ending, this.clock.random());
    this.gates.ended(ending.kind, ms, this.clock.monotonicMs());
    return ms;
  }

  /** A group without memory grants nothing for one rest: lets that begin now, not with the first taker. */
  async wake(): Promise<void> {
    this.listedMs = this.clock.monotonicMs();
    const others = await this.group.wake();
    if (others === undefined) return;
    this.log.warn('workers of one egress have different caps: each keeps to its own', {
      egress: this.group.policy.egressId,
      here: { perMinute: this.group.policy.perMinute, perHour: this.group.policy.perHour },
      elsewhere: others,
    });
  }

  private async ask(taker: Taker, askedMs: number): Promise<Outcome> {
    const { token, demand, startMs } = taker;
    const waitedMs = askedMs - startMs;
    const leftMs = lastMoment(taker) - askedMs;
    const outcome = await this.askOnce({ token, rank: demand.rank, waitedMs, leftMs });
    const repliedMs = this.clock.monotonicMs();
    const sample = { askedMs, repliedMs, serverMs: outcome.serverMs };
    if (this.watch.isAhead(sample)) this.trustedSinceMs = Infinity;
    if (askedMs < this.trustedSinceMs) return await this.distrust(token, outcome);
    if (outcome.kind === 'granted') this.gates.granted(repliedMs);
    else this.noteStop(outcome.reason, outcome.ms, repliedMs);
    return outcome;
  }

  /** An ask without a reply may have been granted, and be granted later still: it is taken back, after it on the same connection. */
  private async askOnce(ask: Ask): Promise<Outcome> {
    try {
      return await this.group.ask(ask);
    } catch (error) {
      this.group.release(ask.token, { kind: 'unused' }, 0).catch(() => undefined);
      throw error;
    }
  }

  /**
   * The server's clock has jumped: this permit may be too early, and so may all be that are asked for before the server has learnt of
   * the jump. When it cannot be told now, the next asker tells it.
   */
  private async distrust(token: string, { kind, serverMs }: Outcome): Promise<Outcome> {
    if (kind === 'granted') await this.group.release(token, { kind: 'unused' }, 0);
    this.distrusting ??= this.group.distrust().finally(() => (this.distrusting = undefined));
    const ms = await this.distrusting;
    const nowMs = this.clock.monotonicMs();
    this.trustedSinceMs = Math.min(this.trustedSinceMs, nowMs);
    this.noteStop('clock-jumped', ms, nowMs);
    return { kind: 'waiting', reason: 'clock-jumped', ms, serverMs };
  }

  private noteStop(reason: DenialReason, ms: number, nowMs: number): void {
    this.gates.stopped(reason, ms, nowMs);
    // The list of groups was lost as well.
    if (reason === 'memory-lost') {
      this.listedMs = Math.min(this.listedMs, nowMs - LIST_EVERY_MS + LIST_AGAIN_MS);
    }
  }

  private listNowAndThen(nowMs: number): void {
    if (nowMs - this.listedMs < LIST_EVERY_MS) return;
    this.listedMs = nowMs;
    // Not waited for: a server that does not answer is the taker's own error.
    this.wake().catch(() => undefined);
  }

  private permitOf(token: string, sendMs: number): Permit {
    const { callMs } = this.group.policy;
    return {
      token,
      sendBeforeMonotonicMs: sendMs + Math.min(USE_WITHIN_MS, callMs / 2),
      answerBeforeMonotonicMs: sendMs + callMs,
    };
  }

  private async sendTime(permit: Permit, atMs: number, signal: AbortSignal): Promise<void> {
    this.held.hold(permit);
    try {
      await sleepUntil(atMs, this.clock, signal);
    } catch (error) {
      this.release(permit, { kind: 'unused' }).catch(() => undefined);
      throw error;
    }
  }

  /** Until it is time to ask again; rejects when there is no time, or nobody to wait for. */
  private async waitInRoom(
    taker: Taker,
    { kind, reason, ms }: Exclude<Outcome, { readonly kind: 'granted' }>,
    wait: RoomWait,
  ): Promise<void> {
    const isEndless = taker.demand.untilMonotonicMs === Infinity;
    const isUnattended = taker.demand.rank >= UNATTENDED_RANK && !isEndless;
    if (kind === 'denied' || (reason === 'capped' && isUnattended)) throw new NoPermit(reason, ms);
    const againMs = this.clock.monotonicMs() + ms;
    await wait.until(Math.min(againMs, lastMoment(taker)));
    if (wait.isOutdated || this.clock.monotonicMs() < lastMoment(taker)) return;
    throw new NoPermit(reason, this.group.policy.restMs);
  }
}

/** A little before nobody waits any more. */
function lastMoment({ demand: { untilMonotonicMs }, startMs }: Taker): number {
  return untilMonotonicMs - Math.min(TELL_EARLY_MS, (untilMonotonicMs - startMs) / 10);
}
