import { Bool, type Data, Float64, makeData, TimestampMillisecond, Utf8 } from 'apache-arrow';
import type { CandleSlot } from '../candle-slot';

// Arrow's buffers are laid out here by hand: its builders take 50 times as long for the same bytes.

/** Epoch ms as timestamps in UTC. */
export function instants(values: readonly (number | null)[]): Data {
  const data = BigInt64Array.from(values, (value) => BigInt(value ?? 0));
  return makeData({ type: new TimestampMillisecond('UTC'), data, ...validity(values) });
}

/** Decimal text as doubles. */
export function floats(values: readonly (string | null)[]): Data {
  const data = Float64Array.from(values, (value) => Number(value ?? 0));
  return makeData({ type: new Float64(), data, ...validity(values) });
}

/** Decimal text as it is: all of it is ASCII, so that its length is its length in bytes. */
export function amountTexts(values: readonly (string | null)[]): Data {
  const data = Buffer.from(values.join(''), 'latin1');
  const valueOffsets = new Int32Array(values.length + 1);
  let end = 0;
  for (const [index, value] of values.entries()) {
    end += value?.length ?? 0;
    valueOffsets[index + 1] = end;
  }
  return makeData({ type: new Utf8(), data, valueOffsets, ...validity(values) });
}

/** Whether each slot is empty. */
export function flags(slots: readonly CandleSlot[]): Data {
  const { bits } = bitmap(slots, ({ candle }) => candle === undefined);
  return makeData({ type: new Bool(), data: bits, length: slots.length, nullCount: 0 });
}

function validity(values: readonly unknown[]) {
  const { bits, count } = bitmap(values, (value) => value !== null);
  const nullCount = values.length - count;
  return { length: values.length, nullCount, ...(nullCount === 0 ? {} : { nullBitmap: bits }) };
}

/** One bit a value, the first one lowest, and how many are set. */
function bitmap<Value>(values: readonly Value[], isSet: (value: Value) => boolean) {
  const bits = new Uint8Array(Math.ceil(values.length / 64) * 8);
  let count = 0;
  for (const [index, value] of values.entries()) {
    if (!isSet(value)) continue;
    bits[index >> 3] = (bits[index >> 3] ?? 0) | (1 << (index & 7));
    count += 1;
  }
  return { bits, count };
}
