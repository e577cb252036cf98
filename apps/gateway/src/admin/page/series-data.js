import { read } from './api.js';
import { shift } from './slots.js';

/** Slots asked for at first, and with each step back: some screens full, and five of the exchange's pages. */
const FIRST_SLOTS = 600;
const STEP_SLOTS = 1_000;

/**
 * The slots of one series without holes, oldest first: `{openMs, isEmpty, isFinal, open, high, low, close, volume}`. Verified empty
 * slots have no prices.
 */
export class SeriesData {
  slots = [];
  /** Nothing is older: history begins with the first slot. */
  isWhole = false;

  constructor(market, timeframe) {
    this.market = market;
    this.timeframe = timeframe;
  }

  /** Reads the newest slots. */
  async open() {
    this.slots = await this.page(FIRST_SLOTS);
  }

  /** Reads what is before the first slot; resolves with the number of slots that came. */
  async older() {
    const first = this.slots[0];
    if (first === undefined || this.isWhole) return 0;
    const page = await this.page(STEP_SLOTS, first.openMs);
    const before = page.filter(({ openMs }) => openMs < first.openMs);
    this.slots = [...before, ...this.slots];
    if (before.length === 0) this.isWhole = true;
    return before.length;
  }

  /** Reads the newest few again, for what no stream tells. */
  async refresh() {
    for (const slot of await this.page(20)) this.put(slot);
  }

  /** Takes a candle of the stream; slots that were passed over are empty so far. False when it is older than all there is. */
  take(candle) {
    const number = (name) => Number(candle[name]);
    return this.put({
      ...{ openMs: candle.openMs, isEmpty: false, isFinal: candle.final },
      ...{ open: number('open'), high: number('high'), low: number('low') },
      ...{ close: number('close'), volume: number('volume') },
    });
  }

  get newest() {
    return this.slots.at(-1);
  }

  /** The slot at or before an instant, by its place in the list. */
  at(openMs) {
    return this.slots.findLast((slot) => slot.openMs <= openMs);
  }

  put(slot) {
    let newestMs = this.newest?.openMs;
    if (newestMs === undefined || slot.openMs < this.slots[0].openMs) return false;
    while (slot.openMs > newestMs) {
      newestMs = shift(this.timeframe, newestMs, 1);
      this.slots.push({ openMs: newestMs, isEmpty: true, isFinal: false });
    }
    const index = this.slots.findLastIndex(({ openMs }) => openMs === slot.openMs);
    if (index >= 0) this.slots[index] = slot;
    return index >= 0;
  }

  async page(count, beforeMs) {
    const { market, timeframe } = this;
    const query = new URLSearchParams({
      ...{ market, timeframe, count, fill: 'null', format: 'columns', numbers: 'number' },
      columns: 'openMs,open,high,low,close,volume',
      ...(beforeMs === undefined ? {} : { to: beforeMs }),
    });
    const { columns, finalCount, short } = await read(`/api/candles?${query}`);
    if (short !== null && short !== undefined) this.isWhole = true;
    return columns.openMs.map((openMs, index) => ({
      ...{ openMs, isEmpty: columns.open[index] === null, isFinal: index < finalCount },
      ...{ open: columns.open[index], high: columns.high[index], low: columns.low[index] },
      ...{ close: columns.close[index], volume: columns.volume[index] },
    }));
  }
}
