import { z } from 'zod';
import { findChannel, type Channel } from './channel';
import { FRAME_FORMATS, type FrameFormat } from './frame';
import {
  RefusedStreamRequest,
  STREAM_REFUSALS,
  unknownFormat,
  unknownType,
} from './stream-refusal';

/** One line of a subscription: a channel for some codes, which may be of no market. */
export interface SubscriptionLine {
  readonly channel: Channel;
  readonly codes: readonly string[];
  readonly isOnlySnapshot: boolean;
  readonly isOnlyRealtime: boolean;
}

/** A request that the exchange accepts. `format` is undefined when it names none. */
export type StreamRequest = { readonly format: FrameFormat | undefined } & (
  | { readonly kind: 'subscribe'; readonly lines: readonly SubscriptionLine[] }
  | { readonly kind: 'list'; readonly ticket: string }
);

const parts = z.array(z.record(z.string(), z.unknown()));
type Part = z.infer<typeof parts>[number];

const codeList = z.array(z.string());
const formatName = z.enum(FRAME_FORMATS);
const PRIVATE_TYPES = ['myOrder', 'myAsset'];

/**
 * Reads a stream request: an array of objects with a ticket, what is to be followed, and perhaps a format, in any order. Throws
 * {@link RefusedStreamRequest} with the exchange's own answer; form is judged first, then ticket, format and each line.
 */
export function readStreamRequest(text: string): StreamRequest {
  const read = parts.safeParse(parseJson(text));
  if (!read.success) throw new RefusedStreamRequest(STREAM_REFUSALS.wrongFormat);
  const ticket = readTicket(read.data);
  const format = readFormat(read.data);
  if (read.data.some(({ method }) => method === 'LIST_SUBSCRIPTIONS')) {
    return { kind: 'list', ticket, format };
  }
  const lines = read.data.filter(isLine);
  if (lines.length === 0) throw new RefusedStreamRequest(STREAM_REFUSALS.noType);
  return { kind: 'subscribe', lines: lines.map(readLine), format };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new RefusedStreamRequest(STREAM_REFUSALS.wrongFormat);
  }
}

function readTicket(request: readonly Part[]): string {
  const ticket = request.find((part) => part.ticket !== undefined)?.ticket;
  if (typeof ticket === 'string' && ticket !== '') return ticket;
  throw new RefusedStreamRequest(STREAM_REFUSALS.noTicket);
}

function readFormat(request: readonly Part[]): FrameFormat | undefined {
  const named = request.find((part) => part.format !== undefined)?.format;
  if (named === undefined) return undefined;
  const format = formatName.safeParse(named);
  if (format.success) return format.data;
  const isText = typeof named === 'string';
  throw new RefusedStreamRequest(isText ? unknownFormat(named) : STREAM_REFUSALS.wrongFormat);
}

/** An object that is neither ticket nor format must be a line of a subscription, if only a broken one. */
function isLine(part: Part): boolean {
  return 'type' in part || 'codes' in part || !('ticket' in part || 'format' in part);
}

function readLine(part: Part): SubscriptionLine {
  return {
    channel: readChannel(part),
    codes: readCodes(part),
    isOnlySnapshot: readFlag(part.is_only_snapshot ?? part.isOnlySnapshot),
    isOnlyRealtime: readFlag(part.is_only_realtime ?? part.isOnlyRealtime),
  };
}

function readChannel({ type }: Part): Channel {
  if (type === undefined) throw new RefusedStreamRequest(STREAM_REFUSALS.noType);
  if (typeof type !== 'string') throw new RefusedStreamRequest(STREAM_REFUSALS.wrongFormat);
  if (PRIVATE_TYPES.includes(type)) throw new RefusedStreamRequest(STREAM_REFUSALS.noAuth);
  const channel = findChannel(type);
  if (channel === undefined) throw new RefusedStreamRequest(unknownType(type));
  return channel;
}

function readCodes({ codes }: Part): string[] {
  if (codes === undefined) throw new RefusedStreamRequest(STREAM_REFUSALS.noCodes);
  const read = codeList.safeParse(codes);
  if (!read.success) throw new RefusedStreamRequest(STREAM_REFUSALS.wrongFormat);
  if (read.data.length === 0) throw new RefusedStreamRequest(STREAM_REFUSALS.emptyCodes);
  return read.data;
}

function readFlag(flag: unknown): boolean {
  if (flag === undefined || typeof flag === 'boolean') return flag ?? false;
  throw new RefusedStreamRequest(STREAM_REFUSALS.wrongFormat);
}
