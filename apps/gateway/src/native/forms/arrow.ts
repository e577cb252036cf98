import {
  AsyncByteQueue,
  Bool,
  type Data,
  Field,
  Float64,
  makeData,
  RecordBatch,
  RecordBatchStreamWriter,
  Schema,
  Struct,
  TimestampMillisecond,
  Utf8,
} from 'apache-arrow';
import type { CandleColumn } from '../candle-columns';
import type { CandleSlot } from '../candle-slot';
import { amountTexts, floats, flags, instants } from './arrow-data';
import type { BodyForm, BodyWriter, Layout } from './body-form';

/** Apache Arrow's IPC stream: the schema, a record batch a portion, the end mark. */
export const arrow: BodyForm = {
  contentType: 'application/vnd.apache.arrow.stream',
  holdsAll: false,
  begin: (layout) => new ArrowStream(layout),
};

/** A column as Arrow has it. */
interface ArrowColumn {
  readonly field: Field;
  readonly read: (slots: readonly CandleSlot[]) => Data;
}

class ArrowStream implements BodyWriter {
  private readonly columns: readonly ArrowColumn[];
  private readonly schema: Schema;
  private readonly bytes = new WrittenBytes();
  private readonly writer = new RecordBatchStreamWriter();

  constructor({ series, columns, numbers, withEmptyFlag }: Layout) {
    const flag = { field: new Field('isEmpty', new Bool(), false), read: flags };
    this.columns = [
      ...columns.map((column) => arrowColumn(column, numbers)),
      ...(withEmptyFlag ? [flag] : []),
    ];
    const named = new Map([
      ['market', String(series.market)],
      ['timeframe', series.timeframe.code],
    ]);
    this.schema = new Schema(
      this.columns.map(({ field }) => field),
      named,
    );
    this.writer.reset(this.bytes, this.schema);
  }

  add(slots: readonly CandleSlot[]): Buffer {
    if (slots.length > 0) this.writer.write(this.batch(slots));
    return this.bytes.take();
  }

  finish(): Buffer {
    this.writer.finish();
    return this.bytes.take();
  }

  meta(): Buffer {
    return Buffer.alloc(0);
  }

  private batch(slots: readonly CandleSlot[]): RecordBatch {
    const children = this.columns.map(({ read }) => read(slots));
    const type = new Struct(this.schema.fields);
    return new RecordBatch(
      this.schema,
      makeData({ type, length: slots.length, nullCount: 0, children }),
    );
  }
}

/** Takes what the writer writes at once, instead of queueing it for a reader. */
class WrittenBytes extends AsyncByteQueue {
  private chunks: Uint8Array[] = [];

  override write(chunk: Uint8Array): void {
    this.chunks.push(chunk);
  }

  take(): Buffer {
    const bytes = Buffer.concat(this.chunks);
    this.chunks = [];
    return bytes;
  }
}

function arrowColumn(column: CandleColumn, numbers: Layout['numbers']): ArrowColumn {
  const { name } = column;
  if (column.kind === 'instant') {
    const field = new Field(name, new TimestampMillisecond('UTC'), name !== 'openMs');
    return { field, read: (slots) => instants(slots.map(column.read)) };
  }
  if (numbers === 'number') {
    const field = new Field(name, new Float64(), true);
    return { field, read: (slots) => floats(slots.map(column.read)) };
  }
  const field = new Field(name, new Utf8(), true);
  return { field, read: (slots) => amountTexts(slots.map(column.read)) };
}
