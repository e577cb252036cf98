import type { Clock } from '@candlekeep/clock';
import type { GatewayCandles } from '../gateway-candles';
import type { Screen } from '../screen';
import { planOf, type SeriesPlan, type Subject } from '../variables/plan';
import { readWindows } from '../variables/read-windows';
import { snapshotOf } from '../variables/snapshot';
import { LiveWindows } from './live-windows';

/** Changes within so long are shown together, ms. */
const SHOW_EVERY_MS = 100;
/** Between two tries to read anew what the stream could not tell, ms. */
const READ_AGAIN_MS = 1_000;

/** What following takes. */
export interface FollowParts {
  readonly source: GatewayCandles;
  readonly clock: Clock;
  readonly screen: Screen;
}

/**
 * Shows the variables, and again after each change, until `left` aborts. Rejects when the first reading fails; later failures are told
 * and tried again.
 */
export async function follow(
  subject: Subject,
  parts: FollowParts,
  left: AbortSignal,
): Promise<void> {
  await new Following(subject, parts).run(left);
}

class Following {
  private readonly plans: readonly SeriesPlan[];
  private readonly windows = new LiveWindows();
  private isChanged = false;
  private hasGap = false;
  /** What the stream told before the first reading: that one fails of the same, and says so, or else it is said then. */
  private earlyProblems: string[] | undefined = [];

  constructor(
    private readonly subject: Subject,
    private readonly parts: FollowParts,
  ) {
    this.plans = planOf(subject);
  }

  /** Listens before it reads, so that nothing falls between. */
  async run(left: AbortSignal): Promise<void> {
    const subscription = this.subscribe();
    try {
      await this.read(left);
      this.tellEarlyProblems();
      while (!left.aborted) {
        if (this.hasGap) await this.readAgain(left);
        if (this.isChanged) this.show();
        await this.rest(SHOW_EVERY_MS, left);
      }
    } finally {
      subscription.close();
    }
  }

  private subscribe() {
    const series = this.plans.map(({ series: { market, timeframe } }) => ({
      ...{ market, timeframe: timeframe.code },
    }));
    return this.parts.source.subscribe(series, {
      candle: (told) => {
        this.isChanged = this.windows.take(told) || this.isChanged;
      },
      gap: () => {
        this.hasGap = true;
      },
      problem: ({ message }) => {
        if (this.earlyProblems === undefined) this.parts.screen.warn(message);
        else this.earlyProblems.push(message);
      },
    });
  }

  private tellEarlyProblems(): void {
    for (const message of this.earlyProblems ?? []) this.parts.screen.warn(message);
    this.earlyProblems = undefined;
  }

  private async read(left: AbortSignal): Promise<void> {
    this.hasGap = false;
    await this.windows.fill(() => readWindows(this.parts.source, this.plans, left));
    this.isChanged = true;
  }

  private async readAgain(left: AbortSignal): Promise<void> {
    try {
      await this.read(left);
    } catch (error) {
      if (left.aborted) return;
      this.hasGap = true;
      this.parts.screen.warn(error instanceof Error ? error.message : String(error));
      await this.rest(READ_AGAIN_MS, left);
    }
  }

  private show(): void {
    this.isChanged = false;
    this.parts.screen.show(snapshotOf(this.subject, this.windows.all));
  }

  private async rest(ms: number, left: AbortSignal): Promise<void> {
    await this.parts.clock.sleep(ms, left).catch(() => undefined);
  }
}
