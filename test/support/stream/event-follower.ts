import { type ClientRequest, get, type IncomingMessage } from 'node:http';

/** One event as a browser would hand it on, and the id that it would come back with. */
export interface SentEvent {
  readonly event: string;
  readonly data: string;
  readonly id: string;
}

/** A real client of server-sent events (the part of the standard that is used) that remembers what it received. */
export class EventFollower {
  readonly events: SentEvent[] = [];
  readonly comments: string[] = [];
  retryMs = 0;
  lastEventId = '';
  readonly ended: Promise<void>;
  private text = '';

  private constructor(
    private readonly request: ClientRequest,
    readonly response: IncomingMessage,
  ) {
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => {
      this.read(chunk);
    });
    this.ended = new Promise((resolve) => response.on('close', resolve));
    response.on('error', () => undefined);
  }

  static async open(
    url: string,
    lastEventId?: string,
    further: Readonly<Record<string, string>> = {},
  ): Promise<EventFollower> {
    const headers =
      lastEventId === undefined ? further : { ...further, 'Last-Event-ID': lastEventId };
    return await new Promise((resolve, reject) => {
      const request = get(url, { headers });
      request.on('error', reject);
      request.on('response', (response) => {
        resolve(new EventFollower(request, response));
      });
    });
  }

  close(): void {
    this.request.destroy();
  }

  private read(chunk: string): void {
    this.text += chunk;
    const blocks = this.text.split('\n\n');
    this.text = blocks.pop() ?? '';
    for (const block of blocks) this.dispatch(block.split('\n'));
  }

  private dispatch(lines: readonly string[]): void {
    const field = (name: string): string | undefined =>
      lines
        .find((line) => line.startsWith(`${name}:`))
        ?.slice(name.length + 1)
        .trimStart();
    if (lines.some((line) => line.startsWith(':'))) this.comments.push(lines.join('\n'));
    this.retryMs = Number(field('retry') ?? this.retryMs);
    this.lastEventId = field('id') ?? this.lastEventId;
    const data = field('data');
    if (data === undefined) return;
    this.events.push({ event: field('event') ?? 'message', data, id: this.lastEventId });
  }
}
