import {
  type CandleAnswer,
  type CandleCache,
  type CandleQuery,
  EncodedPages,
  type PageQuestion,
  type WindowChange,
} from '@candlekeep/candle-cache';
import type { Clock } from '@candlekeep/clock';
import { type Candle } from '@candlekeep/market';
import { z } from 'zod';

const rows = z.array(z.custom<Candle>((row) => typeof row === 'object'));

/** A gateway as far as it answers: encoded pages in its memory over the cache. Its pages are read back, for the model to judge. */
export class EncodedGateway {
  private readonly pages: EncodedPages;
  private isDeaf = false;

  constructor(cache: CandleCache, clock: Clock, maxBytes: number) {
    this.pages = new EncodedPages({ candles: cache, clock, maxBytes });
    this.pages.back();
  }

  /** Each read is an actor of its own, so none waits for another's. */
  async read(
    query: CandleQuery,
  ): Promise<{ readonly answer: CandleAnswer; readonly tier: string }> {
    const question: PageQuestion = {
      query,
      form: 'rows',
      encode: (answer) => ({ body: Buffer.from(JSON.stringify(answer.rows)), entityTag: '' }),
    };
    const encoded = this.pages.find(question) ?? (await this.pages.load(question));
    const { body, source, ...rest } = encoded;
    const answer: CandleAnswer = {
      ...rest,
      rows: rows.parse(JSON.parse(body.toString())),
      source: source === 'l0' ? 'l1' : source,
    };
    return { answer, tier: source };
  }

  hear(changes: readonly WindowChange[]): void {
    if (this.isDeaf) return;
    for (const change of changes) this.pages.changed(change);
  }

  /** Loses the connection over which changes are heard, or has it back. */
  toggleHearing(): void {
    this.isDeaf = !this.isDeaf;
    if (this.isDeaf) this.pages.lost();
    else this.pages.back();
  }
}
