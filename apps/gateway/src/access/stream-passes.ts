import type { Allowance, KnownKeys, Principal } from '@candlekeep/access';

/** On what terms somebody follows a stream. */
export interface StreamPass {
  /** Whether it may go on. */
  isValid(): boolean;
  /** Whether a candle may be told now; what is not told may be told later. */
  mayTell(): boolean;
  /** Takes candles that were told off what the key may have. */
  pay(candles: number): void;
  /** The stream is over, and another one may take its place. More than once is once. */
  end(): void;
}

/** Of whoever follows without a key. */
export const FREE_PASS: StreamPass = {
  isValid: () => true,
  mayTell: () => true,
  pay: () => undefined,
  end: () => undefined,
};

/** Streams that one key may follow at once on one gateway: each costs memory, and looks at a candle a second, for as long as it lasts. */
export const MOST_STREAMS = 500;

/** What is said to whoever wants one more. */
export const TOO_MANY_STREAMS = `This key follows ${MOST_STREAMS} streams of this gateway already: end one of them, or follow more in one.`;
/** When to ask again for a stream, seconds. */
export const STREAM_RETRY_SECONDS = 5;

/** Who follows a stream, and what that is paid from. */
export interface Follower {
  readonly principal: Principal;
  /** Undefined where nothing is counted. */
  readonly allowance: Allowance | undefined;
}

/** The streams that are followed with keys: they are counted, and end with their key. */
export class StreamPasses {
  /** Streams that are open, by key. */
  private readonly open = new Map<string, number>();

  constructor(private readonly keys: Pick<KnownKeys, 'named'>) {}

  /** Undefined for one too many. Whoever follows without a key has as many as they like. */
  take({ principal, allowance }: Follower): StreamPass | undefined {
    if (principal.kind === 'open') return FREE_PASS;
    const { id } = principal;
    const count = this.open.get(id) ?? 0;
    if (count >= MOST_STREAMS) return undefined;
    this.open.set(id, count + 1);
    let isOver = false;
    return {
      isValid: () => this.keys.named(id) !== undefined,
      mayTell: () => allowance?.mayTell() ?? true,
      pay: (candles) => allowance?.payTold(candles),
      end: () => {
        if (isOver) return;
        isOver = true;
        this.leave(id);
      },
    };
  }

  private leave(id: string): void {
    const count = (this.open.get(id) ?? 1) - 1;
    if (count === 0) this.open.delete(id);
    else this.open.set(id, count);
  }
}
