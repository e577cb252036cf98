/**
 * The id of the last event, as the standard has it: an `id` counts from its block's end on, also in a block without data, by which the
 * gateway says where a new stream begins. `eventsource-parser` tells nobody of blocks without data.
 */
export class LastEventId {
  private rest = '';
  private pending: string | undefined;

  constructor(private id = '') {}

  /** Empty where there is none yet. */
  get value(): string {
    return this.id;
  }

  /** A piece of the stream's text. */
  take(piece: string): void {
    const lines = (this.rest + piece).split('\n');
    this.rest = lines.pop() ?? '';
    for (const line of lines) this.read(line.trimEnd());
  }

  /** A new stream begins: what is half read is forgotten. */
  beginAnew(): void {
    this.rest = '';
    this.pending = undefined;
  }

  private read(line: string): void {
    if (line.startsWith('id:')) this.pending = line.slice('id:'.length).trimStart();
    if (line !== '' || this.pending === undefined) return;
    this.id = this.pending;
    this.pending = undefined;
  }
}
