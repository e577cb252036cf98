import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { onAbort } from '../on-abort';
import { after } from '../time';
import type { GatewayDoor } from '../transport/gateway-door';
import type { LastEventId } from './last-event-id';

/** Far more than an event of ours; beyond it the stream is not ours, characters. */
const MOST_BUFFERED = 1_048_576;

export interface EventConnectionParts {
  readonly door: GatewayDoor;
  readonly path: string;
  readonly lastEventId: LastEventId;
  /** A connection over which nothing came for so long is taken for dead, ms. */
  readonly silenceMs: number;
  /** Ends it at any time. */
  readonly signal: AbortSignal;
}

export interface EventHearer {
  readonly event: (message: EventSourceMessage) => void;
  /** The gateway says how long to stay away after the stream breaks, ms. */
  readonly retry: (ms: number) => void;
  /** Something came, if only a beat. */
  readonly alive: () => void;
}

/** Opens a stream of events and hears it to its end. Rejects when it cannot be had, breaks or falls silent. */
export async function hearEvents(parts: EventConnectionParts, hearer: EventHearer): Promise<void> {
  const { door, path, lastEventId, silenceMs, signal } = parts;
  const watch = new SilenceWatch(silenceMs, signal);
  const id = lastEventId.value;
  const accept = { accept: 'text/event-stream' };
  const headers = id === '' ? accept : { ...accept, 'last-event-id': id };
  lastEventId.beginAnew();
  const parser = createParser({
    maxBufferSize: MOST_BUFFERED,
    onEvent: hearer.event,
    onRetry: hearer.retry,
  });
  watch.start();
  try {
    const response = await door.open({ path, headers }, watch.signal);
    response.setEncoding('utf8');
    for await (const piece of response) {
      watch.renew();
      hearer.alive();
      parser.feed(String(piece));
      lastEventId.take(String(piece));
    }
  } catch (failure) {
    if (watch.isSilent) throw door.broken(path, new Error(`nothing came for ${silenceMs} ms`));
    throw failure;
  } finally {
    watch.close();
  }
}

/** Aborts its signal when nothing comes for too long, or when the signal above it is aborted. */
class SilenceWatch {
  isSilent = false;
  private readonly controller = new AbortController();
  private callOff: (() => void) | undefined;
  private release: (() => void) | undefined;

  constructor(
    private readonly silenceMs: number,
    private readonly above: AbortSignal,
  ) {}

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  start(): void {
    this.release = onAbort(this.above, () => {
      this.controller.abort();
    });
    this.renew();
  }

  renew(): void {
    this.callOff?.();
    this.callOff = after(this.silenceMs, () => {
      this.isSilent = true;
      this.controller.abort();
    });
  }

  close(): void {
    this.callOff?.();
    this.release?.();
    this.controller.abort();
  }
}
