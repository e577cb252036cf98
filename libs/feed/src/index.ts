export {
  type FeedAudience,
  FeedListener,
  type FeedListenerParts,
  type FollowedFrames,
} from './feed-listener';
export { FRAME_KINDS, type FrameKind, type HeadChange } from './feed-message';
export { FeedPublisher, type FeedPublisherParts } from './feed-publisher';
export { KeptFrames } from './kept-frames';
export { type LiveStatus, type MarketStatus, readStatus } from './live-status';
