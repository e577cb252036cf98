import type { FeedListener, FollowedFrames, FrameKind, KeptFrames } from '@candlekeep/feed';
import type { MarketCode } from '@candlekeep/market';
import { background, type Logger } from '@candlekeep/telemetry';
import { Frame } from '../wire/frame';
import type { LiveReader } from '../live-reader';
import { Topic } from './topic';

export interface FrameTopicParts {
  readonly listener: Pick<FeedListener, 'follow'>;
  readonly kept: Pick<KeptFrames, 'find'>;
  readonly live: Pick<LiveReader, 'follows'>;
  readonly log: Logger;
}

/** So many trades are remembered: after a reconnect the exchange tells some again. */
const KNOWN_TRADES = 200;

/** Frames of the exchange that are passed on as they came. */
export class FrameTopic extends Topic {
  private readonly followed: FollowedFrames;
  private readonly tradeIds = new Set<string>();
  /** The newest frame that was heard, by its own time. */
  private newest: Frame | undefined;
  private isBringing = false;

  constructor(
    private readonly kind: FrameKind,
    private readonly market: MarketCode,
    private readonly parts: FrameTopicParts,
  ) {
    super(`${kind} ${market}`);
    this.followed = parts.listener.follow(kind, market, (texts) => {
      for (const text of texts) this.hear(new Frame(text));
    });
  }

  override close(): void {
    this.followed.stop();
  }

  protected override bringSnapshot(): void {
    if (this.isBringing) return;
    this.isBringing = true;
    const brought = this.findState().then(
      (frame) => {
        this.isBringing = false;
        if (frame !== undefined) this.tellState(frame);
      },
      (error: unknown) => {
        this.isBringing = false;
        throw error;
      },
    );
    background(this.parts.log, `a snapshot of ${this.kind} ${this.market}`, brought);
  }

  /** What is kept is believed only while somebody follows the market: else it may be long past. */
  private async findState(): Promise<Frame | undefined> {
    const { kept, live } = this.parts;
    await this.followed.ready;
    if (!(await live.follows(this.market))) return undefined;
    const text = await kept.find(this.kind, this.market);
    const frame = text === undefined ? undefined : new Frame(text);
    const isOlder = frame === undefined || frame.atMs < (this.newest?.atMs ?? 0);
    return isOlder ? this.newest : frame;
  }

  private hear(frame: Frame): void {
    if (this.isRepeated(frame)) return;
    if (frame.atMs >= (this.newest?.atMs ?? 0)) this.newest = frame;
    this.tell(frame);
  }

  private isRepeated(frame: Frame): boolean {
    const { tradeId } = frame;
    if (tradeId === undefined) return this.newest?.says(frame) ?? false;
    if (this.tradeIds.has(tradeId)) return true;
    this.tradeIds.add(tradeId);
    const [oldest] = this.tradeIds;
    if (this.tradeIds.size > KNOWN_TRADES && oldest !== undefined) this.tradeIds.delete(oldest);
    return false;
  }
}
