import { ServerResponse, type IncomingMessage, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Clock } from '@candlekeep/clock';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Blocks } from '../http/blocks';
import { spentText, type CallLimits, type LimitGroup } from '../http/call-limits';
import { blockedReply, REFUSALS, type Reply } from '../http/reply';
import { sendReply } from '../http/send-reply';
import type { Witness } from '../witness/witness';

const PATH = /^\/websocket\/v1(\?|$)/;
/** Ten times what a request for all markets of the exchange takes. */
const LONGEST_REQUEST_BYTES = 256 * 1_024;

/** What the way in needs. */
export interface StreamGateOptions {
  readonly witness: Witness;
  /** Shared with the HTTP door: calls with an `Origin` have one limit, whatever they ask for. */
  readonly limits: CallLimits;
  /** Shared too: a blocked address is blocked everywhere. */
  readonly blocks: Blocks;
  readonly clock: Clock;
  /** How far the exchange's clock is ahead of `clock`, ms. */
  readonly timeOffsetMs: number;
}

/** The way into the stream: counts each upgrade, refuses it with a 418 or 429 like any other call, or shakes hands. */
export class StreamGate {
  private readonly remaining = new WeakMap<IncomingMessage, string>();
  /** Pongs are given by hand, so that a fault can withhold them. */
  private readonly sockets = new WebSocketServer({
    noServer: true,
    autoPong: false,
    clientTracking: false,
    maxPayload: LONGEST_REQUEST_BYTES,
    perMessageDeflate: true,
  });

  constructor(
    private readonly options: StreamGateOptions,
    private readonly enter: (socket: WebSocket) => void,
  ) {}

  /** Takes over the upgrades of a server. Those that are not to the stream are answered like any other call. */
  attach(server: Server): void {
    this.sockets.on('headers', (headers, request) => {
      headers.push(`Remaining-Req: ${this.remaining.get(request) ?? ''}`, 'Limit-By-Ip: Yes');
    });
    server.on('upgrade', (request, socket, head) => {
      if (PATH.test(request.url ?? '')) this.judge(request, socket, head);
      else server.emit('request', request, plainResponse(request));
    });
  }

  /** Takes no new connections. */
  close(): void {
    this.sockets.close();
  }

  private judge(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { witness, limits, blocks, clock } = this.options;
    const address = request.socket.remoteAddress ?? 'unknown';
    const group = request.headers.origin === undefined ? 'websocket' : 'origin';
    const atMs = clock.monotonicMs();
    const block = blocks.find(address, atMs);
    const admission = block === undefined ? limits.admit(address, group, atMs) : undefined;
    const { headers, url = '' } = request;
    const isRejected = admission?.isAdmitted !== true;
    const blockedForMs = block?.leftMs;
    witness.see({ address, group, url, atMs, headers, isRejected, blockedForMs });
    if (admission?.isAdmitted === true) {
      this.remaining.set(request, admission.remaining);
      this.sockets.handleUpgrade(request, socket, head, this.enter);
      return;
    }
    if (block === undefined) blocks.noteRefusal(address, atMs);
    const reply = block === undefined ? REFUSALS.overLimit : blockedReply(block.leftMs, block.form);
    this.refuse(request, group, reply);
  }

  private refuse(request: IncomingMessage, group: LimitGroup, reply: Reply): void {
    const nowMs = this.options.clock.nowMs() + this.options.timeOffsetMs;
    const answer = { reply, nowMs, remaining: spentText(group) };
    sendReply({ request, response: plainResponse(request) }, answer).catch(() => {
      request.socket.destroy();
    });
  }
}

/** The server lets go of a connection that asks for an upgrade, so a plain answer needs a response of its own, and ends the connection. */
function plainResponse(request: IncomingMessage): ServerResponse {
  const { socket } = request;
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(socket);
  response.on('finish', () => socket.end());
  // A caller who is gone already needs no answer.
  socket.on('error', () => socket.destroy());
  return response;
}
