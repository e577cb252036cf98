import { FRAME_KINDS, type FrameKind } from '@candlekeep/feed';
import { Timeframe } from '@candlekeep/market';
import { z } from 'zod';
import { FRAME_FORMATS, type FrameFormat } from './frame';
import { streamRefusals } from './stream-refusal';

/** What can be followed: frames of the exchange that are passed on, or candles as they are known here. */
export type StreamedType =
  | { readonly name: string; readonly kind: 'frames'; readonly frames: FrameKind }
  | { readonly name: string; readonly kind: 'candles'; readonly timeframe: Timeframe };

/** One line of a subscription. Codes may be of no market. */
export interface SubscriptionLine {
  readonly type: StreamedType;
  readonly codes: readonly string[];
  readonly isOnlySnapshot: boolean;
  readonly isOnlyRealtime: boolean;
}

/** A request in the exchange's form. */
export type StreamRequest =
  | {
      readonly kind: 'subscribe';
      readonly format: FrameFormat;
      readonly lines: readonly SubscriptionLine[];
    }
  /** `format` is undefined where none is named: the connection keeps its own. */
  | { readonly kind: 'list'; readonly format: FrameFormat | undefined; readonly ticket: string };

type Part = Readonly<Record<string, unknown>>;

const parts = z.array(z.record(z.string(), z.unknown()));
const codeList = z.array(z.string());
const format = z.enum(FRAME_FORMATS);
/** Of the exchange's private stream. */
const PRIVATE_TYPES: readonly string[] = ['myOrder', 'myAsset'];

const TYPES: ReadonlyMap<string, StreamedType> = new Map(
  [
    ...FRAME_KINDS.map((frames) => ({ name: frames, kind: 'frames', frames }) as const),
    ...Timeframe.ALL.filter(({ kind }) => kind === 'minute').map(
      (timeframe) => ({ name: `candle.${timeframe.code}`, kind: 'candles', timeframe }) as const,
    ),
  ].map((type) => [type.name, type]),
);

/** Reads a request. Throws the `StreamRefusal` with which the exchange would answer: form first, then ticket, format and each line. */
export function readStreamRequest(text: string): StreamRequest {
  const read = parts.safeParse(parseJson(text));
  if (!read.success) throw streamRefusals.wrongFormat();
  const request = read.data;
  const ticket = ticketOf(request);
  const format = findFormat(request);
  if (request.some(({ method }) => method === 'LIST_SUBSCRIPTIONS')) {
    return { kind: 'list', format, ticket };
  }
  const lines = request.filter(isLine);
  if (lines.length === 0) throw streamRefusals.noType();
  return { kind: 'subscribe', format: format ?? 'DEFAULT', lines: lines.map(lineOf) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw streamRefusals.wrongFormat();
  }
}

function ticketOf(request: readonly Part[]): string {
  const ticket = request.find((part) => 'ticket' in part)?.ticket;
  if (typeof ticket !== 'string' || ticket === '') throw streamRefusals.noTicket();
  return ticket;
}

function findFormat(request: readonly Part[]): FrameFormat | undefined {
  const named = request.find((part) => 'format' in part)?.format;
  if (named === undefined) return undefined;
  if (typeof named !== 'string') throw streamRefusals.wrongFormat();
  const known = format.safeParse(named);
  if (!known.success) throw streamRefusals.unknownFormat(named);
  return known.data;
}

/** A part that is neither ticket nor format is meant as a line of a subscription, however incomplete. */
function isLine(part: Part): boolean {
  if ('type' in part || 'codes' in part) return true;
  return !('ticket' in part) && !('format' in part);
}

function lineOf(part: Part): SubscriptionLine {
  return {
    type: typeOf(part),
    codes: codesOf(part),
    isOnlySnapshot: flagOf(part.is_only_snapshot ?? part.isOnlySnapshot),
    isOnlyRealtime: flagOf(part.is_only_realtime ?? part.isOnlyRealtime),
  };
}

function typeOf({ type: name }: Part): StreamedType {
  if (name === undefined) throw streamRefusals.noType();
  if (typeof name !== 'string') throw streamRefusals.wrongFormat();
  if (PRIVATE_TYPES.includes(name)) throw streamRefusals.noAuth();
  const type = TYPES.get(name);
  if (type === undefined) throw streamRefusals.unknownType(name);
  return type;
}

function codesOf({ codes: named }: Part): readonly string[] {
  if (named === undefined) throw streamRefusals.noCodes();
  const codes = codeList.safeParse(named);
  if (!codes.success) throw streamRefusals.wrongFormat();
  if (codes.data.length === 0) throw streamRefusals.emptyCodes();
  return codes.data;
}

function flagOf(flag: unknown): boolean {
  if (flag === undefined) return false;
  if (typeof flag !== 'boolean') throw streamRefusals.wrongFormat();
  return flag;
}
