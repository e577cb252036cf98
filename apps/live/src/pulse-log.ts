import type { PulseState } from '@candlekeep/live-candles';
import type { Logger } from '@candlekeep/telemetry';

const WHY: Readonly<Record<PulseState['kind'], string>> = {
  away: 'there is no connection',
  silent: 'it tells nothing',
  lagging: 'it is late, or the clock of the cache’s Redis is ahead of the exchange’s',
  steady: '',
};

/** A connection takes a moment, and a reason may give way to another at once; ms. */
const TOLD_AFTER_MS = 5_000;

/** Tells the log when the stream ceases to be believed, and when it is believed again: a line each, and one for each other reason. */
export class PulseLog {
  private lastKind: PulseState['kind'] | undefined;
  private toldKind: PulseState['kind'] | undefined;
  private unsteadySinceMs = 0;

  constructor(private readonly parts: { readonly log: Logger }) {}

  note({ kind, ageMs, lagMs }: PulseState, nowMonotonicMs: number): void {
    const { log } = this.parts;
    const isFirst = this.lastKind === undefined;
    const wasSteady = this.lastKind === 'steady';
    if (wasSteady || isFirst) this.unsteadySinceMs = nowMonotonicMs;
    const isPatient = !wasSteady && nowMonotonicMs - this.unsteadySinceMs < TOLD_AFTER_MS;
    if (kind === this.toldKind || (kind !== 'steady' && isPatient)) {
      this.lastKind = kind;
      return;
    }
    this.lastKind = kind;
    this.toldKind = kind;
    if (kind === 'steady') {
      const afterMs = Math.round(nowMonotonicMs - this.unsteadySinceMs);
      log.info('the exchange’s stream is believed', { afterMs });
    } else {
      const words = `the exchange’s stream is not believed (${WHY[kind]}): what is asked for is read by REST until it is`;
      log.warn(words, { ageMs: ageMs && Math.round(ageMs), lagMs: Math.round(lagMs) });
    }
  }
}
