import type { CandleSlot } from '../candle-slot';
import type { BodyForm, BodyWriter, Layout } from './body-form';

/** A line of names, then a line a slot (RFC 4180). No cell can need quotes: all are digits, or `true` and `false`. */
export const csv: BodyForm = {
  contentType: 'text/csv; charset=utf-8; header=present',
  holdsAll: false,
  begin: (layout) => new Csv(layout),
};

const LINE_END = '\r\n';

class Csv implements BodyWriter {
  private isBegun = false;

  constructor(private readonly layout: Layout) {}

  add(slots: readonly CandleSlot[]): Buffer {
    const lines = slots.map((slot) => this.line(slot));
    if (!this.isBegun) lines.unshift(this.names());
    this.isBegun = true;
    return Buffer.from(lines.map((line) => line + LINE_END).join(''), 'latin1');
  }

  finish(): Buffer {
    return this.isBegun ? Buffer.alloc(0) : this.add([]);
  }

  meta(): Buffer {
    return Buffer.alloc(0);
  }

  private names(): string {
    const names = this.layout.columns.map(({ name }) => name);
    return [...names, ...(this.layout.withEmptyFlag ? ['isEmpty'] : [])].join(',');
  }

  private line(slot: CandleSlot): string {
    const cells = this.layout.columns.map(({ read }) => String(read(slot) ?? ''));
    const flag = this.layout.withEmptyFlag ? [String(slot.candle === undefined)] : [];
    return [...cells, ...flag].join(',');
  }
}
