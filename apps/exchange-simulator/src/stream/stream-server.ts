import type { Server } from 'node:http';
import type { WebSocket } from 'ws';
import type { MarketList } from '../listing/market-list';
import { StreamConnection } from './stream-connection';
import type { StreamFaults } from './stream-faults';
import { StreamGate, type StreamGateOptions } from './stream-gate';
import { StreamHub } from './stream-hub';

/** Measured at the exchange: 60.5 to 61.3 s, though 120 are documented. */
const IDLE_MS = 60_500;
const TICK_MS = 100;

/** What the exchange's stream needs. */
export interface StreamServerOptions extends StreamGateOptions {
  readonly markets: MarketList;
  readonly streamFaults: StreamFaults;
  /** A connection without a message in either direction is cut after so many ms; default 60,500. */
  readonly idleMs?: number | undefined;
}

/** The exchange's stream at `/websocket/v1`. It works while there are connections and rests otherwise. */
export class StreamServer {
  private readonly gate: StreamGate;
  private readonly hub: StreamHub;
  private readonly connections = new Set<StreamConnection>();
  private stopTicking: (() => void) | undefined;

  constructor(private readonly options: StreamServerOptions) {
    this.hub = new StreamHub((code) => options.markets.find(code));
    this.gate = new StreamGate(options, (socket) => {
      this.connect(socket);
    });
  }

  /** Takes over the upgrades of the exchange's HTTP server. */
  attach(server: Server): void {
    this.gate.attach(server);
    this.options.streamFaults.onCut(() => {
      this.cutAll();
    });
  }

  /** Takes no new connections and cuts those that there are. */
  close(): void {
    this.gate.close();
    this.cutAll();
  }

  private connect(socket: WebSocket): void {
    const { clock, streamFaults: faults, idleMs = IDLE_MS } = this.options;
    const connection = new StreamConnection(socket, {
      faults,
      idleMs,
      monotonicMs: () => clock.monotonicMs(),
      subscribe: (lines) => {
        this.hub.subscribe(connection, lines, this.exchangeNowMs());
      },
    });
    this.connections.add(connection);
    socket.on('close', () => {
      this.disconnect(connection);
    });
    // A broken frame or a reset: the close that follows says all there is to say.
    socket.on('error', () => undefined);
    connection.open();
    this.stopTicking ??= clock.every(TICK_MS, () => {
      this.tick();
    });
  }

  private disconnect(connection: StreamConnection): void {
    this.hub.leave(connection);
    this.connections.delete(connection);
    if (this.connections.size > 0) return;
    this.stopTicking?.();
    this.stopTicking = undefined;
  }

  private tick(): void {
    this.hub.tellUntil(this.exchangeNowMs() + 1);
    const nowMs = this.options.clock.monotonicMs();
    for (const connection of this.connections) connection.tick(nowMs);
  }

  private exchangeNowMs(): number {
    return this.options.clock.nowMs() + this.options.timeOffsetMs;
  }

  private cutAll(): void {
    for (const connection of this.connections) connection.cut();
  }
}
