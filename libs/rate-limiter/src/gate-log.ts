import type { Logger } from '@candlekeep/telemetry';
import type { CallEnding, DenialReason } from './permit';

/** What is told; that others use the budget is everyday life. */
type Told = Exclude<DenialReason, 'busy'>;

const MEANING: Readonly<Record<Told, string>> = {
  'rate-limited': 'it answered 429',
  banned: 'it blocks this egress (418)',
  unavailable: 'it does not answer',
  capped: 'the cap of a minute or an hour (LIMIT_PER_MINUTE, LIMIT_PER_HOUR) is used up',
  'memory-lost': "the limiter's Redis was started anew or emptied, so one call goes first",
  'clock-jumped': "the clock of the limiter's Redis has jumped forward",
};

const BY_ENDING: Partial<Record<CallEnding['kind'], Told>> = {
  'rate-limited': 'rate-limited',
  banned: 'banned',
  failed: 'unavailable',
  'timed-out': 'unavailable',
};

/** One line when the calls of a group stop, and one when they go on: why, and for how long. As this process sees it. */
export class GateLog {
  private told: { readonly reason: Told; readonly sinceMs: number } | undefined;

  constructor(
    private readonly log: Logger,
    private readonly budget: string,
  ) {}

  /** Nothing is granted for another `ms`. */
  stopped(reason: DenialReason, ms: number, nowMs: number): void {
    if (reason === 'busy' || reason === this.told?.reason) return;
    this.told = { reason, sinceMs: nowMs };
    const line = `the exchange is not asked (${this.budget}): ${MEANING[reason]}`;
    const fields = { reason, forAtLeastMs: Math.ceil(ms) };
    // Every start begins so.
    if (reason === 'memory-lost') this.log.info(line, fields);
    else this.log.warn(line, fields);
  }

  /** A call ended, and nothing is granted for `ms` because of that. */
  ended(kind: CallEnding['kind'], ms: number, nowMs: number): void {
    const reason = BY_ENDING[kind];
    if (ms > 0 && reason !== undefined) this.stopped(reason, ms, nowMs);
  }

  /** A call was granted. */
  granted(nowMs: number): void {
    if (this.told === undefined) return;
    const { reason, sinceMs } = this.told;
    this.told = undefined;
    const stoppedMs = Math.round(nowMs - sinceMs);
    this.log.info(`the exchange is asked again (${this.budget})`, { reason, stoppedMs });
  }
}
