import type { BodyForm, BodyWriter, Layout } from '../forms/body-form';
import { wholeBody } from '../forms/body-form';
import type { CandleSlot } from '../candle-slot';
import type { NativeAnswer } from './native-answer';
import type { SlotPortion } from './range-slots';
import { SlotTally } from './slot-tally';

/** Up to so many slots are sent whole, with all that is said of them in headers. */
const WHOLE_SLOTS = 10_000;
/** What takes longer than so many portions to come, as pages of the exchange do, is not waited for. */
const WHOLE_PORTIONS = 8;

/** The body of a range: whole where it is short, or where its form holds everything anyway; else sent while it is read. */
export class RangeBody {
  private readonly writer: BodyWriter;
  private readonly tally: SlotTally;

  constructor(
    private readonly form: BodyForm,
    layout: Layout,
    nowMs: number,
  ) {
    this.writer = form.begin(layout);
    this.tally = new SlotTally(nowMs);
  }

  /** Rejects when the range's beginning cannot be read. */
  async read(portions: AsyncGenerator<SlotPortion, void, void>): Promise<NativeAnswer> {
    const { contentType, holdsAll } = this.form;
    const slots: CandleSlot[] = [];
    let count = 0;
    for (;;) {
      const step = await portions.next();
      if (step.done === true) return this.whole(slots);
      this.tally.add(step.value);
      slots.push(...step.value.slots);
      if (step.value.slots.length > 0) count += 1;
      const isShort = slots.length <= WHOLE_SLOTS && count <= WHOLE_PORTIONS;
      if (isShort || holdsAll) continue;
      const chunks = this.chunks(slots.splice(0), portions);
      const end = (): void => {
        giveUp(chunks, portions);
      };
      const given = () => [this.tally.origin, this.tally.meta().finalCount] as const;
      return { kind: 'streamed', contentType, chunks, end, given };
    }
  }

  private whole(slots: readonly CandleSlot[]): NativeAnswer {
    const { contentType } = this.form;
    const meta = this.tally.meta();
    const { finalCount, short } = meta;
    const encoded = wholeBody(this.writer, slots, meta);
    return { kind: 'whole', ...this.tally.origin, ...encoded, contentType, finalCount, short };
  }

  private async *chunks(
    first: readonly CandleSlot[],
    portions: AsyncGenerator<SlotPortion, void, void>,
  ): AsyncGenerator<Buffer, void, void> {
    yield this.writer.add(first);
    for await (const portion of portions) {
      this.tally.add(portion);
      const chunk = this.writer.add(portion.slots);
      if (chunk.length > 0) yield chunk;
    }
    yield Buffer.concat([this.writer.finish(), this.writer.meta(this.tally.meta())]);
  }
}

/** Chunks that were never asked for have not taken hold of their portions. Nobody waits for an error of what is given up. */
function giveUp(...generators: readonly AsyncGenerator<unknown, void, void>[]): void {
  void Promise.allSettled(generators.map((generator) => generator.return()));
}
