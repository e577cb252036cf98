import { createServer } from 'node:http';
import { ManualClock, SystemClock } from '@candlekeep/clock';
import { parseIsoSeconds } from '@candlekeep/market';
import type { ClientOptions } from 'ws';
import { Exchange } from '../src/exchange';
import { Blocks } from '../src/http/blocks';
import { CallLimits } from '../src/http/call-limits';
import { openServer, type OpenServer } from '../src/http/open-server';
import { StreamFaults } from '../src/stream/stream-faults';
import { StreamServer } from '../src/stream/stream-server';
import { Witness } from '../src/witness/witness';
import { StreamClient } from './stream-client';

/** When the clock of a rig starts: half a second into a minute. */
export const RIG_START_MS = parseIsoSeconds('2026-11-22T13:50:00') + 500;

/** A stream on a real port, with its time in the test's hand. */
export class StreamRig {
  readonly clock = new ManualClock(RIG_START_MS);
  readonly exchange = new Exchange();
  readonly faults = new StreamFaults();
  readonly witness = new Witness(this.clock);
  readonly blocks = new Blocks();
  private readonly stream: StreamServer;
  private server: OpenServer | undefined;

  /** `idleMs` as for the stream itself. */
  constructor(options: { idleMs?: number } = {}) {
    this.stream = new StreamServer({
      ...options,
      witness: this.witness,
      limits: new CallLimits(),
      blocks: this.blocks,
      clock: this.clock,
      timeOffsetMs: 0,
      streamFaults: this.faults,
      markets: this.exchange.list,
    });
  }

  async open(): Promise<void> {
    const door = createServer((_request, response) => response.writeHead(404).end('no route'));
    this.stream.attach(door);
    const where = { host: '127.0.0.1', port: 0, clock: new SystemClock(), variable: 'PORT' };
    this.server = await openServer(door, where);
  }

  async close(): Promise<void> {
    this.stream.close();
    await this.server?.close();
  }

  /** Connects a client a second after the last one, so that the limit on connections does not matter. */
  async connect(options: ClientOptions = {}): Promise<StreamClient> {
    await this.clock.advance(1_000);
    return StreamClient.open(this.url(), options);
  }

  url(path = '/websocket/v1'): string {
    return `${this.server?.url.replace('http', 'ws') ?? ''}${path}`;
  }
}
