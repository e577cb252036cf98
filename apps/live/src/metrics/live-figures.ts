import type { LiveStatus } from '@candlekeep/feed';
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
  metrics.read('streamMinutes', () =>
    whileLeading(({ markets }) =>
      (['proven', 'empty', 'doubtful', 'corrections'] as const).map((verdict) => ({
        labels: { verdict },
        value: markets.reduce((sum, market) => sum + market[verdict], 0),
      })),
    ),
  );
}
