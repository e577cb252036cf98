import { isDeepStrictEqual } from 'node:util';
import type { Candle } from '@candlekeep/market';

/** Minutes that are remembered. */
const MEMORY = 200;
/** So many corrections among them are too many; so are `1 / SHARE` of a full memory. */
const MOST_CORRECTED = 3;
const SHARE = 100;
/** So many minutes in a row must agree before the market is trusted again. */
const AGREED_TO_MEND = 60;

/** How well a market's proven minutes stand up to the exchange's own. */
export class MarketTrust {
  /** Counts since the start. */
  compared = 0;
  corrected = 0;
  /** Whether each close is read by REST, until the market behaves. */
  readEachClose = false;
  private recent: boolean[] = [];
  private agreedInARow = 0;

  /** Holds a proven minute (undefined: proven empty) against the exchange's own row; true when they are equal in every digit. */
  compare(proven: Candle | undefined, own: Candle | undefined): boolean {
    const agrees = isDeepStrictEqual(proven, own);
    this.compared += 1;
    this.corrected += Number(!agrees);
    this.agreedInARow = agrees ? this.agreedInARow + 1 : 0;
    this.recent = [...this.recent, agrees].slice(-MEMORY);
    if (this.readEachClose) this.mend();
    else this.readEachClose = this.isTooMuch();
    return agrees;
  }

  private isTooMuch(): boolean {
    const corrected = this.recent.filter((agrees) => !agrees).length;
    const isFull = this.recent.length === MEMORY;
    return corrected >= MOST_CORRECTED || (isFull && corrected * SHARE >= MEMORY);
  }

  private mend(): void {
    if (this.agreedInARow < AGREED_TO_MEND) return;
    this.readEachClose = false;
    this.recent = [];
  }
}
