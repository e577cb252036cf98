import { parse, stringify } from 'lossless-json';
import { z } from 'zod';
import { SHORT_KEYS, SHORT_KEYS_OF } from './frame-keys';

/** How frames are written: with long or short keys, bare or as a list of one. */
export const FRAME_FORMATS = ['DEFAULT', 'SIMPLE', 'JSON_LIST', 'SIMPLE_LIST'] as const;
export type FrameFormat = (typeof FRAME_FORMATS)[number];

/** Whether a frame answers a subscription or follows it. */
export type StreamType = 'SNAPSHOT' | 'REALTIME';

const members = z.record(z.string(), z.unknown());

/**
 * One message about one market. It is written at most once in each form, however many connections it goes to; its numbers are never
 * parsed, so none loses a digit.
 */
export class Frame {
  private readonly written = new Map<string, Buffer>();

  /**
   * @param text the frame in the exchange's DEFAULT format, UTF-8 JSON
   * @param rows how many candles it is paid for as
   */
  constructor(
    private readonly text: string,
    readonly rows = 0,
  ) {}

  /** The frame's own time, epoch ms; 0 when it names none. */
  get atMs(): number {
    return Number(/"timestamp"\s*:\s*(\d{1,15})\b/.exec(this.text)?.[1] ?? 0);
  }

  /** What tells one trade of a market from all others; undefined for what is no trade. */
  get tradeId(): string | undefined {
    return /"sequential_id"\s*:\s*(\d+)/.exec(this.text)?.[1];
  }

  /** Whether it says the same, whatever occasion it was said on. */
  says(other: Frame): boolean {
    return this.textAs('REALTIME') === other.textAs('REALTIME');
  }

  bytes(format: FrameFormat, type: StreamType): Buffer {
    const form = `${format} ${type}`;
    const known = this.written.get(form);
    if (known !== undefined) return known;
    const bytes = Buffer.from(this.write(format, type));
    this.written.set(form, bytes);
    return bytes;
  }

  private write(format: FrameFormat, type: StreamType): string {
    switch (format) {
      case 'DEFAULT':
        return this.textAs(type);
      case 'SIMPLE':
        return withShortKeys(this.textAs(type));
      case 'JSON_LIST':
        return `[${this.textAs(type)}]`;
      case 'SIMPLE_LIST':
        return `[${withShortKeys(this.textAs(type))}]`;
    }
  }

  /** Quotation marks within a value are escaped, so nothing but the member itself can match. */
  private textAs(type: StreamType): string {
    return this.text.replace(/("stream_type"\s*:\s*)"[A-Z]+"/, `$1"${type}"`);
  }
}

function withShortKeys(text: string): string {
  const frame = members.parse(parse(text));
  const own = typeof frame.type === 'string' ? SHORT_KEYS_OF[frame.type] : undefined;
  const renamed = Object.entries(frame).map(([key, value]) => [
    own?.[key] ?? SHORT_KEYS[key] ?? key,
    value,
  ]);
  return stringify(Object.fromEntries(renamed)) ?? '';
}
