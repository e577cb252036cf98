import type { Frame, StreamType } from '../wire/frame';

/** Whom frames go to. */
export interface Follower {
  deliver(topic: string, frame: Frame, type: StreamType): void;
}

/** What of a topic is wanted: its state once, what follows, or both. At least one. */
export interface Terms {
  readonly snapshot: boolean;
  readonly realtime: boolean;
}

interface Standing {
  readonly terms: Terms;
  awaitsSnapshot: boolean;
}

/**
 * One type of one market, and who follows it. Whoever wants a snapshot gets the first frame that there is as one: the state that is
 * known, or the frame that comes before that is found. Nothing else reaches it before.
 */
export abstract class Topic {
  /** Told when the last one has left. */
  onDeserted: () => void = () => undefined;
  private readonly followers = new Map<Follower, Standing>();

  constructor(private readonly name: string) {}

  join(follower: Follower, terms: Terms): void {
    this.followers.set(follower, { terms, awaitsSnapshot: terms.snapshot });
    if (terms.snapshot) this.bringSnapshot();
  }

  leave(follower: Follower): void {
    if (this.followers.delete(follower) && this.followers.size === 0) this.onDeserted();
  }

  /** Something may have been missed: everybody who ever wanted a snapshot gets a new one. */
  renew(): void {
    for (const standing of this.followers.values()) {
      standing.awaitsSnapshot = standing.terms.snapshot;
    }
    this.bringSnapshot();
  }

  abstract close(): void;

  /** Finds the state and hands it to {@link tellState}; asked again while it does so, it need not do it twice. */
  protected abstract bringSnapshot(): void;

  /** Tells everybody what is new. */
  protected tell(frame: Frame): void {
    this.tellNews(frame);
    this.tellState(frame);
  }

  /** Tells those who have had their snapshot. */
  protected tellNews(frame: Frame): void {
    for (const [follower, { awaitsSnapshot }] of this.followers) {
      if (!awaitsSnapshot) follower.deliver(this.name, frame, 'REALTIME');
    }
  }

  /** Tells those who have no snapshot yet, and takes leave of those who want no more. */
  protected tellState(frame: Frame): void {
    for (const [follower, standing] of this.followers) {
      if (!standing.awaitsSnapshot) continue;
      standing.awaitsSnapshot = false;
      follower.deliver(this.name, frame, 'SNAPSHOT');
      if (!standing.terms.realtime) this.leave(follower);
    }
  }
}
