import { isMarketCode, type MarketCode } from '@candlekeep/market';
import { z } from 'zod';

/** What of the exchange's own stream is passed on as it came. */
export const FRAME_KINDS = ['trade', 'ticker', 'candle.1s'] as const;
export type FrameKind = (typeof FRAME_KINDS)[number];

/** The newest rows of a market were seen anew. */
export interface HeadChange {
  readonly market: MarketCode;
  /** As of when, epoch ms by the cache server's clock. */
  readonly seenAtMs: number;
  /** Every minute that opens before this is final, epoch ms. */
  readonly closedUntilMs: number;
}

/** A text that is no message of this channel. */
export class MalformedMessage extends Error {}

const instant = z.number().int().nonnegative();
const headRows = z.array(z.tuple([z.string().refine(isMarketCode), instant, instant]));
const frameHeading = z.object({
  type: z.string(),
  code: z.string(),
  stream_type: z.enum(['SNAPSHOT', 'REALTIME']),
});

export function headsMessage(changes: readonly HeadChange[]): string {
  return JSON.stringify(
    changes.map(({ market, seenAtMs, closedUntilMs }) => [market, seenAtMs, closedUntilMs]),
  );
}

/** Throws {@link MalformedMessage}. */
export function readHeads(message: string): HeadChange[] {
  const rows = headRows.safeParse(parseJson(message));
  if (!rows.success) throw new MalformedMessage('it is no list of changed heads');
  return rows.data.map(([market, seenAtMs, closedUntilMs]) => ({
    ...{ market, seenAtMs, closedUntilMs },
  }));
}

/** One line a frame: within JSON, a line break is white space. */
export function frameLine(text: string): string {
  return text.replaceAll('\n', ' ');
}

export function framesMessage(lines: readonly string[]): string {
  return lines.join('\n');
}

/** The frames of a message, each as the exchange sent it. Throws {@link MalformedMessage} when one is none of that kind and market. */
export function readFrames(message: string, kind: FrameKind, market: MarketCode): string[] {
  const lines = message.split('\n');
  for (const line of lines) requireFrame(line, kind, market);
  return lines;
}

/** Throws {@link MalformedMessage} unless the text is a frame of that kind and market in the exchange's DEFAULT format. */
export function requireFrame(text: string, kind: FrameKind, market: MarketCode): void {
  const heading = frameHeading.safeParse(parseJson(text)).data;
  if (heading?.type === kind && heading.code === market) return;
  throw new MalformedMessage(`it is no ${kind} frame of ${market}`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new MalformedMessage('it is no JSON');
  }
}
