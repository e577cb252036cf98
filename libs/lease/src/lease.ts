import { hostname } from 'node:os';
import type { Clock } from '@candlekeep/clock';
import type { RedisConnection } from '@candlekeep/redis';
import { background, type Logger } from '@candlekeep/telemetry';
import { HeldTerm, type Term, TermOver } from './held-term';
import { type LeaseHolder, LeaseKey } from './lease-key';

export interface LeaseParts {
  /** The server that is not allowed to evict. */
  readonly redis: RedisConnection;
  /** What is held; all who ask for the same name ask for the same lease. */
  readonly name: string;
  readonly clock: Clock;
  readonly log: Logger;
  /** For how long it is given, whole ms. Default 5,000: a holder that dies is followed within 6 s. */
  readonly ttlMs?: number;
}

const TTL_MS = 5_000;
/** Below this, the turn of a timer and the way to Redis take a large part of it. */
const SHORTEST_TTL_MS = 100;
/** What lasts longer than this is taken for none of ours: see lease.lua. */
const LONGEST_TTL_MS = 3_600_000;
/** Parts of the time for which the lease is given: when its holder asks for more, */
const RENEW_PART = 1 / 3;
/** when it asks again after no answer, */
const RETRY_PART = 1 / 10;
/** how often the others ask, */
const STANDBY_PART = 1 / 5;
/** and how long its holder relies on it: the rest is for the turn of a timer, and a clock that runs slower than the server's. */
const SAFE_PART = 9 / 10;

type Attempt =
  | { readonly kind: 'taken'; readonly term: HeldTerm; readonly pauseMs: number }
  | { readonly kind: 'not-taken'; readonly pauseMs: number };

/** One holder at a time among any number of processes, and a token that tells the newest. */
export class Lease {
  private readonly key: LeaseKey;
  private readonly ttlMs: number;
  /** The next term of this process has a larger token than this. */
  private floor = 0;
  /** Redis gave no answer the last time. */
  private isCutOff = false;

  /** Throws a RangeError for a `ttlMs` that is not a whole number of at least 100 and less than an hour. */
  constructor(private readonly parts: LeaseParts) {
    const { redis, name, ttlMs = TTL_MS } = parts;
    if (!Number.isSafeInteger(ttlMs) || ttlMs < SHORTEST_TTL_MS || ttlMs >= LONGEST_TTL_MS) {
      throw new RangeError(
        `the lease "${name}" cannot be given for ${ttlMs} ms: pass ${SHORTEST_TTL_MS} or more, and less than an hour`,
      );
    }
    this.ttlMs = ttlMs;
    this.key = new LeaseKey(redis, name, ttlMs);
  }

  /**
   * Runs `work` each time this process becomes the holder, again and again until `signal` aborts; resolves then, after the work
   * under way has ended. Work that ends or fails ends its term; a failure is logged.
   */
  async hold(signal: AbortSignal, work: (term: Term) => Promise<void>): Promise<void> {
    const { clock } = this.parts;
    const holder = `${hostname()} ${process.pid} ${clock.token()}`;
    while (!signal.aborted) {
      const attempt = await this.tryToTake(holder);
      if (attempt.kind === 'taken') await this.serve(attempt.term, signal, work);
      await clock.sleep(attempt.pauseMs, signal).catch(() => undefined);
    }
  }

  /** Who holds the lease now, by the server's clock; undefined while nobody does. Rejects when Redis gives no answer. */
  async holder(): Promise<LeaseHolder | undefined> {
    return await this.key.findHolder();
  }

  private async tryToTake(holder: string): Promise<Attempt> {
    const { clock } = this.parts;
    const pauseMs = this.ttlMs * STANDBY_PART;
    const sentAtMs = clock.monotonicMs();
    const outcome = await this.ask('take', this.key.acquire(holder, this.floor));
    if (outcome === undefined) return { kind: 'not-taken', pauseMs };
    if (outcome.kind === 'held') {
      return { kind: 'not-taken', pauseMs: Math.max(1, Math.min(pauseMs, outcome.leftMs)) };
    }
    const { token } = outcome;
    const term = new HeldTerm(clock, { holder, token, sentAtMs, safeMs: this.ttlMs * SAFE_PART });
    return { kind: 'taken', term, pauseMs };
  }

  private async serve(
    term: HeldTerm,
    signal: AbortSignal,
    work: (term: Term) => Promise<void>,
  ): Promise<void> {
    const { name, log } = this.parts;
    const stop = (): void => {
      term.end('stopped', 'its holder stops');
    };
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    log.info(`holds the lease "${name}"`, { token: term.token });
    background(log, `watching the lease "${name}"`, term.watch());
    background(log, `renewing the lease "${name}"`, this.renew(term));
    await this.run(term, work);
    signal.removeEventListener('abort', stop);
    await this.ask('give back', this.key.release(term));
    this.floor = Math.max(this.floor, term.seenToken);
    this.logEnd(term);
  }

  /** Runs the work unless the term is over already; ends the term when the work does. */
  private async run(term: HeldTerm, work: (term: Term) => Promise<void>): Promise<void> {
    const { name, log } = this.parts;
    try {
      if (!term.signal.aborted) await work(term);
    } catch (error) {
      if (error !== term.signal.reason) {
        log.error(`the work under the lease "${name}" failed`, { token: term.token, error });
      }
    }
    term.end('done', 'its work has ended');
  }

  private async renew(term: HeldTerm): Promise<void> {
    const { clock } = this.parts;
    const sleep = async (part: number): Promise<boolean> =>
      await clock.sleep(this.ttlMs * part, term.signal).then(
        () => true,
        () => false,
      );
    for (let part = RENEW_PART; await sleep(part);) {
      const sentAtMs = clock.monotonicMs();
      const isHeld = await this.ask('renew', this.key.renew(term));
      if (isHeld === true) term.prolong(sentAtMs);
      if (isHeld === false) term.end('lost', 'Redis says that it is another’s, or nobody’s');
      part = isHeld === undefined ? RETRY_PART : RENEW_PART;
    }
  }

  /** Undefined when Redis gave no answer; the first time in a row it is logged. */
  private async ask<Reply>(what: string, command: Promise<Reply>): Promise<Reply | undefined> {
    const { name, log } = this.parts;
    try {
      const reply = await command;
      if (this.isCutOff) log.info(`Redis answers again about the lease "${name}"`);
      this.isCutOff = false;
      return reply;
    } catch (error) {
      if (!this.isCutOff) log.warn(`could not ${what} the lease "${name}"`, { error });
      this.isCutOff = true;
      return undefined;
    }
  }

  private logEnd({ token, signal }: HeldTerm): void {
    const { name, log } = this.parts;
    const reason: unknown = signal.reason;
    const { kind, message } = reason instanceof TermOver ? reason : { kind: 'done', message: '' };
    const level = kind === 'stopped' || kind === 'done' ? 'info' : 'warn';
    log[level](`holds the lease "${name}" no longer: ${message}`, { token });
  }
}
