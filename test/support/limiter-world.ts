import { type CallEnding, GroupScripts, type LimitPolicy } from '@candlekeep/rate-limiter';
import { keys, type RedisConnection } from '@candlekeep/redis';
import { forgetBudgets } from './forget-budgets';
import { MovableRedisTime } from './movable-redis-time';

/** A call that somebody wants to make, and what will become of it. Times in ms. */
export interface PlannedCall {
  /** When its taker begins to ask. */
  readonly fromMs: number;
  readonly rank: number;
  /** From the sending to the exchange's stamp, and from there to the answer's arrival. */
  readonly thereMs: number;
  readonly backMs: number;
  readonly ending: 'answered' | 'failed' | 'rate-limited' | 'unused' | 'timed-out' | 'dies';
}

/** Something that happens to the limiter's memory. */
export interface Mishap {
  readonly atMs: number;
  readonly part: 'slots' | 'sent' | 'waiting' | 'patience' | 'state' | 'circuit';
}

/** What became of a call: when it was sent and when the exchange counted it; neither for one that was not sent. */
export interface Sent {
  readonly call: PlannedCall;
  readonly sentMs: number;
  readonly arrivedMs: number;
  /** Ranks of those who waited when it was granted, itself not among them. */
  readonly passedOver: readonly number[];
}

/** When each world begins, epoch ms. */
export const START_MS = 1_800_000_000_000;
const RENEW_MS = 300;
/** The way of a reply, and a timer that rings late. */
export const REPLY_MS = 2;

interface Event {
  readonly atMs: number;
  readonly run: () => Promise<void>;
}

/** Takers of many processes, an exchange and the real scripts, in virtual time: each step happens at its own moment. */
export class LimiterWorld {
  readonly sent: Sent[] = [];
  private readonly scripts: GroupScripts;
  private readonly time: MovableRedisTime;
  private readonly waiting = new Map<string, number>();
  private events: Event[] = [];
  private nowMs = START_MS;
  private tokens = 0;

  constructor(
    private readonly redis: RedisConnection,
    private readonly policy: LimitPolicy,
  ) {
    this.time = new MovableRedisTime(redis, `limiter-world-time-of-${policy.egressId}`);
    this.scripts = new GroupScripts(this.time.connection, policy);
  }

  /** Plays it all to the end. Resolves to the ms it took. */
  async play(calls: readonly PlannedCall[], mishaps: readonly Mishap[] = []): Promise<number> {
    for (const call of calls) this.plan(START_MS + call.fromMs, this.taker(call));
    for (const { atMs, part } of mishaps) {
      this.plan(START_MS + atMs, async () => {
        await this.redis.del(this.keyOf(part));
      });
    }
    for (let next = this.takeNext(); next !== undefined; next = this.takeNext()) {
      this.nowMs = Math.max(this.nowMs, next.atMs);
      // The clock of scripts shows whole milliseconds.
      this.nowMs = Math.ceil(this.nowMs);
      await this.time.moveTo(this.nowMs);
      await next.run();
    }
    return this.nowMs - START_MS;
  }

  /** Removes what the world has left on the server. */
  async forget(): Promise<void> {
    await forgetBudgets(this.redis, this.policy.egressId);
    await this.redis.del(`limiter-world-time-of-${this.policy.egressId}`);
  }

  private taker(call: PlannedCall): Event['run'] {
    this.tokens += 1;
    const token = `call-${this.tokens}`;
    const ask = async (): Promise<void> => {
      const waitedMs = this.nowMs - (START_MS + Math.ceil(call.fromMs));
      const { rank } = call;
      this.waiting.set(token, rank);
      const outcome = await this.scripts.ask({ token, rank, waitedMs, leftMs: Infinity });
      if (outcome.kind === 'granted') this.grant(token, call, outcome.ms);
      else this.plan(this.nowMs + outcome.ms + REPLY_MS, ask);
    };
    return ask;
  }

  private grant(token: string, call: PlannedCall, delayMs: number): void {
    this.waiting.delete(token);
    const passedOver = [...this.waiting.values()];
    const sentMs = this.nowMs + delayMs + REPLY_MS;
    const arrivedMs = sentMs + call.thereMs;
    const endMs = arrivedMs + call.backMs;
    if (call.ending !== 'unused') this.sent.push({ call, sentMs, arrivedMs, passedOver });
    if (call.ending === 'dies') return;
    for (let atMs = this.nowMs + RENEW_MS; atMs < endMs; atMs += RENEW_MS) {
      this.plan(atMs, () => {
        this.scripts.renew([token]);
        return Promise.resolve();
      });
    }
    this.plan(endMs, async () => {
      const ending: CallEnding = { kind: call.ending === 'dies' ? 'left' : call.ending };
      await this.scripts.release(token, ending, 0.5);
    });
  }

  private keyOf(part: Mishap['part']): string {
    const { egressId, group } = this.policy;
    return part === 'circuit' ? keys.limitCircuit(egressId) : keys.limit(egressId, group, part);
  }

  private plan(atMs: number, run: Event['run']): void {
    this.events.push({ atMs, run });
  }

  private takeNext(): Event | undefined {
    const next = this.events.reduce<Event | undefined>(
      (a, b) => (a !== undefined && a.atMs <= b.atMs ? a : b),
      undefined,
    );
    this.events = this.events.filter((event) => event !== next);
    return next;
  }
}

/** The most stamps that any half-open window of `windowMs` holds. */
export function mostInAnyWindow(stamps: readonly number[], windowMs: number): number {
  const counts = stamps.map(
    (fromMs) => stamps.filter((ms) => ms >= fromMs && ms < fromMs + windowMs).length,
  );
  return Math.max(0, ...counts);
}
