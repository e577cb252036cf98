export { LiveMarket, type LiveSight } from './live-market';
export { MarketTrust } from './market-trust';
export { MINUTE, MINUTE_MS } from './minute-book';
export type { Doubt, MinuteVerdict } from './minute-verdict';
export { type PulseState, sentMsOf, StreamPulse } from './stream-pulse';
