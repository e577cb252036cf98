import type { MetricDeclaration } from './metric-declaration';

const LIVE = ['live'] as const;

/** What live processes tell. Only the one that leads has a stream to speak of. */
export const liveMetrics = {
  leading: {
    kind: 'gauge',
    name: 'candlekeep_live_leading',
    help: '1 in the process that follows the stream of the exchange, 0 in those that stand by.',
    labels: [],
    on: LIVE,
  },
  streamState: {
    kind: 'gauge',
    name: 'candlekeep_stream_state',
    help: '1 for the state the stream is in: away, silent, lagging or steady.',
    labels: ['state'],
    on: LIVE,
  },
  streamAge: {
    kind: 'gauge',
    name: 'candlekeep_stream_age_seconds',
    help: 'Since the last frame of any market.',
    labels: [],
    on: LIVE,
  },
  streamLag: {
    kind: 'gauge',
    name: 'candlekeep_stream_lag_seconds',
    help: 'How far behind the clock of the exchange frames arrive.',
    labels: [],
    on: LIVE,
  },
  followedMarkets: {
    kind: 'gauge',
    name: 'candlekeep_followed_markets',
    help: 'Markets that are followed: by proof of the stream, or with a REST read at each close.',
    labels: ['mode'],
    on: LIVE,
  },
  streamVerdicts: {
    kind: 'counter',
    name: 'candlekeep_stream_verdicts_total',
    help: 'Closed minutes by verdict: traded or empty by proof, doubtful, or corrected by the row of the exchange.',
    labels: ['verdict'],
    on: LIVE,
  },
} as const satisfies Readonly<Record<string, MetricDeclaration>>;
