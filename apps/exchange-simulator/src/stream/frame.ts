/** How frames are written: with long or short keys, bare or as arrays. */
export const FRAME_FORMATS = ['DEFAULT', 'SIMPLE', 'JSON_LIST', 'SIMPLE_LIST'] as const;
export type FrameFormat = (typeof FRAME_FORMATS)[number];

/** Whether a frame answers a subscription or follows the market. */
export type StreamType = 'SNAPSHOT' | 'REALTIME';

/** One member of a frame: its long key, its short key, and its value as JSON text, so that every digit is kept, or a list of objects. */
export type Member = readonly [key: string, shortKey: string, value: string | readonly Members[]];
export type Members = readonly Member[];

/** One message about one market. Written at most once per format, however many connections it goes to. */
export class Frame {
  private readonly written = new Map<FrameFormat, Buffer>();

  constructor(private readonly members: Members) {}

  /** The channel's name on the wire. */
  get type(): string {
    return this.textOf('type');
  }

  /** The market. */
  get code(): string {
    return this.textOf('code');
  }

  /** UTF-8 JSON without white space, keys in the exchange's order. */
  bytes(format: FrameFormat): Buffer {
    const known = this.written.get(format);
    if (known !== undefined) return known;
    const bytes = Buffer.from(this.write(format));
    this.written.set(format, bytes);
    return bytes;
  }

  private textOf(wanted: string): string {
    const [, , value] = this.members.find(([key]) => key === wanted) ?? [];
    return typeof value === 'string' ? value.slice(1, -1) : '';
  }

  private write(format: FrameFormat): string {
    switch (format) {
      case 'DEFAULT':
        return objectText(this.members, ([key]) => key);
      case 'SIMPLE':
        return objectText(this.members, ([, shortKey]) => shortKey);
      case 'JSON_LIST':
        return `[${this.write('DEFAULT')}]`;
      case 'SIMPLE_LIST':
        return `[${this.write('SIMPLE')}]`;
    }
  }
}

/** The value of a member that is text without characters to escape. */
export function quoted(text: string): string {
  return `"${text}"`;
}

function objectText(members: Members, keyOf: (member: Member) => string): string {
  const texts = members.map((member) => {
    const [, , value] = member;
    const text =
      typeof value === 'string'
        ? value
        : `[${value.map((inner) => objectText(inner, keyOf)).join(',')}]`;
    return `"${keyOf(member)}":${text}`;
  });
  return `{${texts.join(',')}}`;
}
