import type { LiveStatus, MarketStatus } from '@candlekeep/feed';
import type { Metrics } from '@candlekeep/telemetry';

const STATES = ['away', 'silent', 'lagging', 'steady'] as const;
const MODES = ['stream', 'rest'] as const;
const MS_PER_SECOND = 1_000;

/** Tells how this process stands to the exchange's stream; `status` is undefined while it stands by. */
export function tellLive(metrics: Metrics, status: () => LiveStatus | undefined): void {
  const whileLeading = <Sample>(samples: (now: LiveStatus) => readonly Sample[]) => {
    const now = status();
    return now === undefined ? [] : samples(now);
  };
  metrics.read('leading', () => [{ labels: {}, value: status() === undefined ? 0 : 1 }]);
  metrics.read('streamState', () =>
    whileLeading(({ stream }) =>
      STATES.map((state) => ({ labels: { state }, value: stream.state === state ? 1 : 0 })),
    ),
  );
  metrics.read('streamAge', () =>
    whileLeading(({ stream: { ageMs } }) =>
      ageMs === undefined ? [] : [{ labels: {}, value: ageMs / MS_PER_SECOND }],
    ),
  );
  metrics.read('streamLag', () =>
    whileLeading(({ stream: { lagMs } }) =>
      lagMs === undefined ? [] : [{ labels: {}, value: lagMs / MS_PER_SECOND }],
    ),
  );
  metrics.read('followedMarkets', () =>
    whileLeading(({ markets }) =>
      MODES.map((mode) => ({
        labels: { mode },
        value: markets.filter((market) => market.mode === mode).length,
      })),
    ),
  );
  const verdicts = new VerdictSums();
  metrics.read('streamVerdicts', () => verdicts.after(status()?.markets ?? []));
}

const VERDICTS = ['proven', 'empty', 'doubtful', 'corrections'] as const;

type Verdicts = Readonly<Record<(typeof VERDICTS)[number], number>>;

/** Sums over markets that come and go, and that every term counts anew: they never grow smaller. */
class VerdictSums {
  private readonly sums = { proven: 0, empty: 0, doubtful: 0, corrections: 0 };
  private last = new Map<string, Verdicts>();

  after(markets: readonly MarketStatus[]) {
    for (const now of markets) {
      const before = this.last.get(now.market);
      for (const verdict of VERDICTS)
        this.sums[verdict] += grownBy(now[verdict], before?.[verdict]);
    }
    this.last = new Map(markets.map((now) => [now.market, now]));
    return VERDICTS.map((verdict) => ({ labels: { verdict }, value: this.sums[verdict] }));
  }
}

/** What is smaller than before was counted anew. */
function grownBy(now: number, before = 0): number {
  return now < before ? now : now - before;
}
