import { once } from 'node:events';
import { WebSocket, type ClientOptions, type RawData } from 'ws';

/** A real client of `/websocket/v1` that remembers what it received. */
export class StreamFollower {
  readonly frames: string[] = [];
  textFrames = 0;
  /** Resolves with the close code. */
  readonly closed: Promise<number>;

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data: RawData, isBinary) => {
      if (!isBinary) this.textFrames += 1;
      this.frames.push(Buffer.isBuffer(data) ? data.toString('utf8') : 'not in one piece');
    });
    this.closed = new Promise((resolve) => socket.on('close', resolve));
  }

  /** Connects to a gateway by its `http://` URL. */
  static async open(url: string, options: ClientOptions = {}): Promise<StreamFollower> {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/websocket/v1`, options);
    const follower = new StreamFollower(socket);
    await once(socket, 'open');
    return follower;
  }

  /** Subscribes with a ticket; `format` comes last. */
  subscribe(wishes: readonly object[], format?: string): void {
    this.say([{ ticket: 'test' }, ...wishes, ...(format === undefined ? [] : [{ format }])]);
  }

  say(request: unknown): void {
    this.socket.send(typeof request === 'string' ? request : JSON.stringify(request));
  }

  /** Frames of one type, such as `SNAPSHOT`. */
  ofType(type: string): string[] {
    return this.frames.filter((frame) => frame.includes(`"stream_type":"${type}"`));
  }

  async close(): Promise<void> {
    this.socket.close();
    await this.closed;
  }
}
