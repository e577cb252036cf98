import type { Socket } from 'node:net';

/** Requests of one key that are under way. */
export interface KeyLoad {
  count: number;
}

/** Requests of one connection that are answered at once. A client that waits for its answers has one. */
export const MOST_OF_SOCKET = 16;

/**
 * The requests of one connection, in the order in which they came. Of those that a client sends ahead (pipelining) so many are answered at
 * once; the others wait, and what is behind them is not read from the connection. Some hundred small ones may be read already when the
 * first one waits: they came in one piece.
 */
export class SocketLine {
  private count = 0;
  private readonly waiting: (() => void)[] = [];
  /** Of those that are answered now: to be given back when the connection breaks. */
  private readonly loads: KeyLoad[] = [];
  private isOver = false;

  constructor(private readonly socket: Pick<Socket, 'once' | 'on' | 'pause' | 'resume'>) {
    socket.once('close', () => {
      this.end();
    });
    // Node.js reads on by itself as soon as a client has taken an answer that it let lie.
    socket.on('resume', () => {
      if (this.waiting.length > 0) socket.pause();
    });
  }

  /** Whether a request is under way. */
  get isBusy(): boolean {
    return this.count > 0;
  }

  /** Begins a request, at once or when those before it are answered; never when the connection breaks before that. */
  enter(begin: () => void): void {
    if (this.count < MOST_OF_SOCKET) {
      this.count += 1;
      begin();
      return;
    }
    this.waiting.push(begin);
    if (this.waiting.length > 1) return;
    // Behind the piece that is being taken apart: the parser reads on after each request in it.
    queueMicrotask(() => {
      if (this.waiting.length > 0) this.socket.pause();
    });
  }

  /** Counts a request that was begun to its key as well; false when the connection broke meanwhile: then nothing counts it. */
  hold(load: KeyLoad): boolean {
    if (this.isOver) return false;
    load.count += 1;
    this.loads.push(load);
    return true;
  }

  /** A request is answered. */
  leave(load: KeyLoad | undefined): void {
    if (this.isOver) return;
    this.giveBack(load);
    const next = this.waiting.shift();
    if (next === undefined) {
      this.count -= 1;
      return;
    }
    if (this.waiting.length === 0) this.socket.resume();
    next();
  }

  private giveBack(load: KeyLoad | undefined): void {
    if (load === undefined) return;
    const last = this.loads.pop();
    // Their order means nothing: the last one takes the place of the one that goes.
    if (last !== undefined && last !== load) this.loads[this.loads.indexOf(load)] = last;
    load.count -= 1;
  }

  private end(): void {
    this.isOver = true;
    this.waiting.length = 0;
    for (const load of this.loads) load.count -= 1;
    this.loads.length = 0;
  }
}
